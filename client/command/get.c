/* SPDX-License-Identifier: Apache-2.0 */
#include "client/command/commands.h"
#include "client/op.h"
#include "client/printer.h"
#include "client/session.h"

static const struct flag_def get_flags[] = {
	{"consistency", 0, FLAG_STRING, "l", "Linearizable(l) or Serializable(s)", false},
	{"from-key", 0, FLAG_BOOL, "false",
		"Get keys that are greater than or equal to the given key using byte compare",
		false},
	{"keys-only", 0, FLAG_BOOL, "false", "Get only the keys", false},
	{"limit", 0, FLAG_INT, "0", "Maximum number of results", false},
	{"order", 0, FLAG_STRING, "", "Order of results; ASCEND or DESCEND (ASCEND by default)",
		false},
	{"prefix", 0, FLAG_BOOL, "false", "Get keys with matching prefix", false},
	{"print-value-only", 0, FLAG_BOOL, "false",
		"Only write values when using the \"simple\" output format", false},
	{"rev", 0, FLAG_INT, "0", "Specify the kv revision", false},
	{"sort-by", 0, FLAG_STRING, "", "Sort target; CREATE, KEY, MODIFY, VALUE, or VERSION",
		false},
};

static int get_run(struct ctl *ctl)
{
	Etcdserverpb__RangeRequest *request;
	ProtobufCMessage *reply;
	int code = op_get(ctl, &ctl->flags, &request);

	if (!code)
		code = session_open(ctl);
	if (!code)
		code = session_call(ctl, &rpc_range, &request->base, &reply);
	if (code)
		return code;
	ctl->value_only = flag_bool(&ctl->flags, "print-value-only");
	if (ctl->value_only && ctl->printer != &printer_simple)
		return ctl_fail(
			ctl, CTL_BAD_ARGS, "print-value-only is only for `--write-out=simple`");
	return printer_reply(ctl, reply);
}

const struct command command_get = {
	.name = "get",
	.arguments = "[options] <key> [range_end]",
	.summary = "Gets the key or a range of keys",
	.flags = get_flags,
	.n_flags = ARRAY_SIZE(get_flags),
	.run = get_run,
};
