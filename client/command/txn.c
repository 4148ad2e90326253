/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "client/command/commands.h"
#include "client/printer.h"
#include "client/session.h"
#include "client/txn_line.h"

static const struct flag_def txn_flags[] = {
	{"interactive", 'i', FLAG_BOOL, "false", "Input transaction in interactive mode", false},
};

static void txn_prompt(struct ctl *ctl, const char *prompt)
{
	if (!flag_bool(&ctl->flags, "interactive"))
		return;
	fprintf(ctl->out, "%s\n", prompt);
	fflush(ctl->out);
}

/* txn_read reads one line, without the white space at its ends; an empty one
 * ends a section. Input that ends before is an error, so that half a
 * transaction is never carried out. */
static int txn_read(struct ctl *ctl, const char **line)
{
	static const char space[] = " \t\n\v\f\r";
	char *buf = NULL, *s;
	size_t cap = 0, len;
	ssize_t n = getline(&buf, &cap, ctl->in);

	if (n <= 0 || buf[n - 1] != '\n') {
		free(buf);
		return ctl_fail(ctl, CTL_INVALID_INPUT, "EOF");
	}
	s = buf + strspn(buf, space);
	len = strlen(s);
	while (len && strchr(space, s[len - 1]))
		len--;
	*line = pool_strndup(ctl->pool, s, len);
	free(buf);
	return CTL_OK;
}

/* txn_room returns the list with room for one more than n elements: it is
 * copied to twice its size whenever n is a power of two. */
static void *txn_room(struct pool *p, void *list, size_t n, size_t size)
{
	if (n & (n - 1))
		return list;
	return pool_grow(p, list, n * size, (n ? 2 * n : 1) * size);
}

static int txn_compares(struct ctl *ctl, Etcdserverpb__TxnRequest *txn)
{
	const char *line;
	int code;

	for (;;) {
		size_t n = txn->n_compare;

		code = txn_read(ctl, &line);
		if (code || *line == '\0')
			return code;
		txn->compare = txn_room(ctl->pool, txn->compare, n, sizeof(*txn->compare));
		code = txn_line_compare(ctl, line, &txn->compare[n]);
		if (code)
			return code;
		txn->n_compare++;
	}
}

static int txn_requests(struct ctl *ctl, Etcdserverpb__RequestOp ***ops, size_t *n)
{
	const char *line;
	int code;

	for (;;) {
		code = txn_read(ctl, &line);
		if (code || *line == '\0')
			return code;
		*ops = txn_room(ctl->pool, *ops, *n, sizeof(**ops));
		code = txn_line_request(ctl, line, &(*ops)[*n]);
		if (code)
			return code;
		++*n;
	}
}

static int txn_input(struct ctl *ctl, Etcdserverpb__TxnRequest *txn)
{
	int code;

	txn_prompt(ctl, "compares:");
	code = txn_compares(ctl, txn);
	if (code)
		return code;
	txn_prompt(ctl, "success requests (get, put, del):");
	code = txn_requests(ctl, &txn->success, &txn->n_success);
	if (code)
		return code;
	txn_prompt(ctl, "failure requests (get, put, del):");
	return txn_requests(ctl, &txn->failure, &txn->n_failure);
}

/* txn_run: the command timeout holds for the transaction, not for the typing.
 * etcdctl has none here, and waits for ever for a server that is not there. */
static int txn_run(struct ctl *ctl)
{
	Etcdserverpb__TxnRequest txn = ETCDSERVERPB__TXN_REQUEST__INIT;
	ProtobufCMessage *reply;
	int code;

	if (ctl->flags.n_args)
		return ctl_fail(ctl, CTL_BAD_ARGS, "txn command does not accept argument");
	code = session_open(ctl);
	if (!code)
		code = txn_input(ctl, &txn);
	if (!code)
		code = session_call(ctl, &rpc_txn, &txn.base, &reply);
	return code ? code : printer_reply(ctl, reply);
}

const struct command command_txn = {
	.name = "txn",
	.arguments = "[options]",
	.summary = "Txn processes all the requests in one transaction",
	.flags = txn_flags,
	.n_flags = ARRAY_SIZE(txn_flags),
	.run = txn_run,
};
