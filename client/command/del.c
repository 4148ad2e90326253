/* SPDX-License-Identifier: Apache-2.0 */
#include "client/command/commands.h"
#include "client/op.h"
#include "client/printer.h"
#include "client/session.h"

static const struct flag_def del_flags[] = {
	{"from-key", 0, FLAG_BOOL, "false",
		"delete keys that are greater than or equal to the given key using byte compare",
		false},
	{"prefix", 0, FLAG_BOOL, "false", "delete keys with matching prefix", false},
	{"prev-kv", 0, FLAG_BOOL, "false", "return deleted key-value pairs", false},
};

static int del_run(struct ctl *ctl)
{
	Etcdserverpb__DeleteRangeRequest *request;
	ProtobufCMessage *reply;
	int code = op_del(ctl, &ctl->flags, &request);

	if (!code)
		code = session_open(ctl);
	if (!code)
		code = session_call(ctl, &rpc_delete_range, &request->base, &reply);
	return code ? code : printer_reply(ctl, reply);
}

const struct command command_del = {
	.name = "del",
	.arguments = "[options] <key> [range_end]",
	.summary = "Removes the specified key or range of keys [key, range_end)",
	.flags = del_flags,
	.n_flags = ARRAY_SIZE(del_flags),
	.run = del_run,
};
