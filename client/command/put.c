/* SPDX-License-Identifier: Apache-2.0 */
#include "client/command/commands.h"
#include "client/op.h"
#include "client/printer.h"
#include "client/session.h"

static const struct flag_def put_flags[] = {
	{"ignore-lease", 0, FLAG_BOOL, "false", "updates the key using its current lease", false},
	{"ignore-value", 0, FLAG_BOOL, "false", "updates the key using its current value", false},
	{"lease", 0, FLAG_STRING, "0", "lease ID (in hexadecimal) to attach to the key", false},
	{"prev-kv", 0, FLAG_BOOL, "false", "return the previous key-value pair before modification",
		false},
};

static int put_run(struct ctl *ctl)
{
	Etcdserverpb__PutRequest *request;
	ProtobufCMessage *reply;
	int code = op_put(ctl, &ctl->flags, OP_ELSE_STDIN, &request);

	if (!code)
		code = session_open(ctl);
	if (!code)
		code = session_call(ctl, &rpc_put, &request->base, &reply);
	return code ? code : printer_reply(ctl, reply);
}

const struct command command_put = {
	.name = "put",
	.arguments = "[options] <key> <value> (<value> can also be given from stdin)",
	.summary = "Puts the given key into the store",
	.description = "Puts the given key into the store.\n"
		       "\n"
		       "When <value> begins with '-', <value> is interpreted as a flag.\n"
		       "Insert '--' for workaround:\n"
		       "\n"
		       "$ put <key> -- <value>\n"
		       "$ put -- <key> <value>\n"
		       "\n"
		       "If <value> isn't given as a command line argument and '--ignore-value' is "
		       "not specified,\n"
		       "this command tries to read the value from standard input.\n"
		       "\n"
		       "If <lease> isn't given as a command line argument and '--ignore-lease' is "
		       "not specified,\n"
		       "this command tries to read the value from standard input.\n"
		       "\n"
		       "For example,\n"
		       "$ cat file | put <key>\n"
		       "will store the content of the file to <key>.",
	.flags = put_flags,
	.n_flags = ARRAY_SIZE(put_flags),
	.run = put_run,
};
