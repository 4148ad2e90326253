/* SPDX-License-Identifier: Apache-2.0 */
#include "client/op.h"

#include <string.h>
#include <strings.h>

#include "client/go_text.h"

/* --- ranges -------------------------------------------------------------------- */

/* The end of a range that has none: all keys from the first on. */
static const ProtobufCBinaryData op_no_end = {1, (uint8_t *)""};

/* op_prefix_end returns the first key behind all that begin with key: its last
 * byte that can be raised is, and what follows is cut off. */
static ProtobufCBinaryData op_prefix_end(struct pool *p, ProtobufCBinaryData key)
{
	uint8_t *end = (uint8_t *)pool_strndup(p, (char *)key.data, key.len);

	for (size_t i = key.len; i-- > 0;) {
		if (end[i] < 0xff) {
			end[i]++;
			return (ProtobufCBinaryData){i + 1, end};
		}
	}
	return op_no_end;
}

/* op_range reads key, range_end, --prefix and --from-key, which get and del
 * share. */
static int op_range(struct ctl *ctl, const struct flagset *fs, ProtobufCBinaryData *key,
	ProtobufCBinaryData *end)
{
	bool prefix = flag_bool(fs, "prefix"), from_key = flag_bool(fs, "from-key");

	*key = pool_bytes(fs->args[0]);
	if (fs->n_args > 1) {
		if (prefix || from_key)
			return ctl_fail(ctl, CTL_BAD_ARGS,
				"too many arguments, only accept one argument when `--prefix` or "
				"`--from-key` is set");
		*end = pool_bytes(fs->args[1]);
	}
	if (!prefix && !from_key)
		return CTL_OK;
	*end = prefix && key->len ? op_prefix_end(ctl->pool, *key) : op_no_end;
	if (key->len == 0)
		*key = op_no_end; /* a single NUL: the smallest key */
	return CTL_OK;
}

static int op_prefix_xor_from_key(struct ctl *ctl, const struct flagset *fs)
{
	if (flag_bool(fs, "prefix") && flag_bool(fs, "from-key"))
		return ctl_fail(ctl, CTL_BAD_ARGS,
			"`--prefix` and `--from-key` cannot be set at the same time, choose one");
	return CTL_OK;
}

/* --- get ------------------------------------------------------------------------ */

struct op_word {
	const char *name;
	int value;
};

/* op_word finds a word whatever its case; the empty word stands for none. */
static bool op_word(const struct op_word *words, size_t n, const char *name, int *value)
{
	for (size_t i = 0; i < n; i++) {
		if (strcasecmp(words[i].name, name) == 0) {
			*value = words[i].value;
			return true;
		}
	}
	return *name == '\0';
}

static int op_sort(struct ctl *ctl, const struct flagset *fs, Etcdserverpb__RangeRequest *r)
{
	static const struct op_word orders[] = {
		{"ASCEND", ETCDSERVERPB__RANGE_REQUEST__SORT_ORDER__ASCEND},
		{"DESCEND", ETCDSERVERPB__RANGE_REQUEST__SORT_ORDER__DESCEND},
	};
	static const struct op_word targets[] = {
		{"CREATE", ETCDSERVERPB__RANGE_REQUEST__SORT_TARGET__CREATE},
		{"KEY", ETCDSERVERPB__RANGE_REQUEST__SORT_TARGET__KEY},
		{"MODIFY", ETCDSERVERPB__RANGE_REQUEST__SORT_TARGET__MOD},
		{"VALUE", ETCDSERVERPB__RANGE_REQUEST__SORT_TARGET__VALUE},
		{"VERSION", ETCDSERVERPB__RANGE_REQUEST__SORT_TARGET__VERSION},
	};
	const char *order = flag_string(fs, "order"), *target = flag_string(fs, "sort-by");
	int sort_order = 0, sort_target = 0;

	if (!op_word(orders, ARRAY_SIZE(orders), order, &sort_order))
		return ctl_fail(ctl, CTL_BAD_FEATURE, "bad sort order %s", order);
	if (!op_word(targets, ARRAY_SIZE(targets), target, &sort_target))
		return ctl_fail(ctl, CTL_BAD_FEATURE, "bad sort target %s", target);
	/* Keys come in ascending order anyway. Asked to sort, the server would
	 * read all of the range before it applies the limit. */
	if (sort_order == ETCDSERVERPB__RANGE_REQUEST__SORT_ORDER__ASCEND &&
		sort_target == ETCDSERVERPB__RANGE_REQUEST__SORT_TARGET__KEY)
		sort_order = ETCDSERVERPB__RANGE_REQUEST__SORT_ORDER__NONE;
	r->sort_order = (Etcdserverpb__RangeRequest__SortOrder)sort_order;
	r->sort_target = (Etcdserverpb__RangeRequest__SortTarget)sort_target;
	return CTL_OK;
}

int op_get(struct ctl *ctl, const struct flagset *fs, Etcdserverpb__RangeRequest **out)
{
	Etcdserverpb__RangeRequest *r = pool_alloc(ctl->pool, sizeof(*r));
	const char *consistency = flag_string(fs, "consistency");
	int code;

	etcdserverpb__range_request__init(r);
	*out = r;
	if (fs->n_args == 0)
		return ctl_fail(ctl, CTL_BAD_ARGS,
			"get command needs one argument as key and an optional argument as "
			"range_end");
	code = op_prefix_xor_from_key(ctl, fs);
	if (code)
		return code;
	if (strcmp(consistency, "l") != 0 && strcmp(consistency, "s") != 0)
		return ctl_fail(ctl, CTL_BAD_FEATURE, "unknown consistency flag %s",
			go_quoted(ctl->pool, consistency));
	r->serializable = *consistency == 's';
	code = op_range(ctl, fs, &r->key, &r->range_end);
	if (code)
		return code;
	r->limit = flag_int(fs, "limit");
	if (flag_int(fs, "rev") > 0)
		r->revision = flag_int(fs, "rev");
	r->keys_only = flag_bool(fs, "keys-only");
	return op_sort(ctl, fs, r);
}

/* --- put and del ------------------------------------------------------------------ */

static int op_put_usage(struct ctl *ctl)
{
	return ctl_fail(ctl, CTL_BAD_ARGS,
		"put command needs 1 argument and input from stdin or 2 arguments");
}

/* op_value finds the value: the second argument, or all of standard input. */
static int op_value(
	struct ctl *ctl, const struct flagset *fs, enum op_stdin in, ProtobufCBinaryData *value)
{
	struct text t;
	char chunk[4096];
	size_t n;

	if (fs->n_args > 1) {
		*value = pool_bytes(fs->args[1]);
		return CTL_OK;
	}
	text_init(&t, ctl->pool);
	while (in == OP_ELSE_STDIN && (n = fread(chunk, 1, sizeof(chunk), ctl->in)) > 0)
		text_add(&t, chunk, n);
	if (t.len == 0 || ferror(ctl->in))
		return op_put_usage(ctl);
	*value = (ProtobufCBinaryData){t.len, (uint8_t *)t.data};
	return CTL_OK;
}

int op_put(
	struct ctl *ctl, const struct flagset *fs, enum op_stdin in, Etcdserverpb__PutRequest **out)
{
	Etcdserverpb__PutRequest *r = pool_alloc(ctl->pool, sizeof(*r));
	const char *lease = flag_string(fs, "lease"), *bad;
	int code = CTL_OK;

	etcdserverpb__put_request__init(r);
	*out = r;
	if (fs->n_args == 0)
		return op_put_usage(ctl);
	r->key = pool_bytes(fs->args[0]);
	r->ignore_value = flag_bool(fs, "ignore-value");
	if (r->ignore_value && fs->n_args > 1)
		return ctl_fail(ctl, CTL_BAD_ARGS,
			"put command needs only 1 argument when 'ignore-value' is set");
	if (!r->ignore_value)
		code = op_value(ctl, fs, in, &r->value);
	if (code)
		return code;
	bad = go_parse_int(lease, 16, &r->lease);
	if (bad)
		return ctl_fail(ctl, CTL_BAD_ARGS,
			"bad lease ID (strconv.ParseInt: parsing %s: %s), expecting ID in Hex",
			go_quoted(ctl->pool, lease), bad);
	r->prev_kv = flag_bool(fs, "prev-kv");
	r->ignore_lease = flag_bool(fs, "ignore-lease");
	return CTL_OK;
}

int op_del(struct ctl *ctl, const struct flagset *fs, Etcdserverpb__DeleteRangeRequest **out)
{
	Etcdserverpb__DeleteRangeRequest *r = pool_alloc(ctl->pool, sizeof(*r));
	int code;

	etcdserverpb__delete_range_request__init(r);
	*out = r;
	if (fs->n_args == 0 || fs->n_args > 2)
		return ctl_fail(ctl, CTL_BAD_ARGS,
			"del command needs one argument as key and an optional argument as "
			"range_end");
	code = op_prefix_xor_from_key(ctl, fs);
	if (code)
		return code;
	r->prev_kv = flag_bool(fs, "prev-kv");
	return op_range(ctl, fs, &r->key, &r->range_end);
}
