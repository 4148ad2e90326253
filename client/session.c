/* SPDX-License-Identifier: Apache-2.0 */
#include "client/session.h"

#include <string.h>
#include <time.h>

#include "client/endpoint.h"
#include "client/printer.h"

/* --- the environment ---------------------------------------------------------- */

static const char session_env_prefix[] = "ETCDCTL_";

/* session_env_name: --dial-timeout is ETCDCTL_DIAL_TIMEOUT. */
static const char *session_env_name(struct pool *p, const char *flag)
{
	char *name = pool_printf(p, "%s%s", session_env_prefix, flag);

	for (char *c = name + strlen(session_env_prefix); *c; c++)
		*c = (char)(*c == '-' ? '_' : *c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
	return name;
}

/* session_env_log: etcdctl's old logger, whose lines these are. */
static void session_env_log(struct ctl *ctl, char level, const char *text)
{
	struct timespec now;
	struct tm tm;
	char when[32];

	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &tm);
	strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &tm);
	fprintf(ctl->err, "%s.%06ld %c | pkg/flags: %s\n", when, now.tv_nsec / 1000, level, text);
}

/* session_is_global tells whether the environment may set f: the flags that
 * hold for more than the one command. */
static bool session_is_global(const struct ctl *ctl, const struct flag *f)
{
	for (size_t i = 0; ctl->path[i + 1]; i++) {
		const struct command *c = ctl->path[i];

		if (c->n_persistent && f->def >= c->persistent &&
			f->def < c->persistent + c->n_persistent)
			return true;
	}
	return false;
}

/* session_env_flag finds the flag that an entry of the environment is for. */
static struct flag *session_env_flag(struct ctl *ctl, const char *entry)
{
	for (size_t i = 0; i < ctl->flags.n_flags; i++) {
		struct flag *f = &ctl->flags.flags[i];
		const char *name = session_env_name(ctl->pool, f->def->name);

		if (strncmp(entry, name, strlen(name)) == 0 && entry[strlen(name)] == '=')
			return session_is_global(ctl, f) ? f : NULL;
	}
	return NULL;
}

/* session_env_entry takes over one NAME=value. */
static int session_env_entry(struct ctl *ctl, const char *entry)
{
	struct flag *f = session_env_flag(ctl, entry);
	const char *value = strchr(entry, '=') + 1, *bad;

	if (!f || (!f->changed && *value == '\0')) {
		session_env_log(ctl, 'W',
			pool_printf(ctl->pool, "unrecognized environment variable %s", entry));
		return CTL_OK;
	}
	if (f->changed) {
		session_env_log(ctl, 'C',
			pool_printf(ctl->pool,
				"conflicting environment variable \"%s\" is shadowed by "
				"corresponding command-line flag (either unset environment "
				"variable or disable flag)",
				session_env_name(ctl->pool, f->def->name)));
		return CTL_ERROR;
	}
	bad = flag_set(ctl->pool, f, value);
	if (bad) /* etcdctl ignores it without a word */
		session_env_log(ctl, 'W',
			pool_printf(ctl->pool,
				"ignored invalid value of environment variable %s: %s", entry,
				bad));
	return CTL_OK;
}

static int session_env(struct ctl *ctl)
{
	for (char **e = ctl->environ; e && *e; e++) {
		int code = CTL_OK;

		if (strncmp(*e, session_env_prefix, strlen(session_env_prefix)) == 0 &&
			strncmp(*e, "ETCDCTL_API=", strlen("ETCDCTL_API=")) != 0)
			code = session_env_entry(ctl, *e);
		if (code)
			return code;
	}
	return CTL_OK;
}

/* --- flags ---------------------------------------------------------------------- */

static int session_refuse(struct ctl *ctl)
{
	for (size_t i = 0; i < ctl->flags.n_flags; i++) {
		const struct flag *f = &ctl->flags.flags[i];

		if (f->def->unsupported && strcmp(flag_text(ctl->pool, f), f->def->initial) != 0)
			return ctl_fail(
				ctl, CTL_BAD_FEATURE, "--%s is not supported yet", f->def->name);
	}
	return CTL_OK;
}

/* session_debug prints the flags that hold, sorted as the tables are. */
static void session_debug(struct ctl *ctl)
{
	for (size_t i = 0; i < ctl->flags.n_flags; i++) {
		const struct flag *f = &ctl->flags.flags[i];

		if (session_is_global(ctl, f))
			fprintf(ctl->err, "%s=%s\n", session_env_name(ctl->pool, f->def->name),
				flag_text(ctl->pool, f));
	}
}

/* session_trim returns s without white space at its ends. */
static const char *session_trim(struct pool *p, const char *s)
{
	static const char space[] = " \t\n\v\f\r";
	size_t len;

	s += strspn(s, space);
	len = strlen(s);
	while (len && strchr(space, s[len - 1]))
		len--;
	return pool_strndup(p, s, len);
}

static int session_endpoints(struct ctl *ctl)
{
	const struct flag *f = flagset_find(&ctl->flags, "endpoints");

	ctl->n_endpoints = f->n_list;
	ctl->endpoints = pool_alloc(ctl->pool, (f->n_list + 1) * sizeof(*ctl->endpoints));
	for (size_t i = 0; i < f->n_list; i++) {
		ctl->endpoints[i] = session_trim(ctl->pool, f->list[i]);
		if (endpoint_is_secure(ctl->endpoints[i]))
			return ctl_fail(ctl, CTL_BAD_FEATURE,
				"endpoint %s: TLS is not supported yet", ctl->endpoints[i]);
	}
	return CTL_OK;
}

int session_open(struct ctl *ctl)
{
	const char *format;
	int code = session_env(ctl);

	if (code)
		return code;
	if (flag_bool(&ctl->flags, "debug"))
		session_debug(ctl);
	code = session_refuse(ctl);
	if (!code)
		code = session_endpoints(ctl);
	if (code)
		return code;
	format = flag_string(&ctl->flags, "write-out");
	ctl->printer = printer_find(format);
	if (!ctl->printer)
		return ctl_fail(ctl, CTL_BAD_FEATURE, "unsupported output format");
	return CTL_OK;
}

/* --- calls ------------------------------------------------------------------------ */

struct rpc_config session_config(struct ctl *ctl, const char *const *endpoints, size_t n)
{
	return (struct rpc_config){
		.endpoints = endpoints,
		.n_endpoints = n,
		.dial_timeout = flag_int(&ctl->flags, "dial-timeout"),
		.keepalive_time = flag_int(&ctl->flags, "keepalive-time"),
		.keepalive_timeout = flag_int(&ctl->flags, "keepalive-timeout"),
		.log = ctl->err,
	};
}

int64_t session_timeout(const struct ctl *ctl)
{
	return flag_int(&ctl->flags, "command-timeout");
}

int session_call(struct ctl *ctl, const struct rpc_method *m, const ProtobufCMessage *request,
	ProtobufCMessage **reply)
{
	struct rpc_config config = session_config(ctl, ctl->endpoints, ctl->n_endpoints);
	const char *error;
	struct rpc *rpc;

	if (ctl->n_endpoints == 0)
		return ctl_fail(ctl, CTL_BAD_CONNECTION, "etcdclient: no available endpoints");
	rpc_init(flag_bool(&ctl->flags, "debug"));
	error = rpc_open(ctl->pool, &config, &rpc);
	if (!error)
		error = rpc_call(rpc, m, request, session_timeout(ctl), reply);
	rpc_close(rpc);
	rpc_shutdown();
	return error ? ctl_fail(ctl, CTL_ERROR, "%s", error) : CTL_OK;
}
