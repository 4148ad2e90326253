/* SPDX-License-Identifier: Apache-2.0 */
#include "client/command/commands.h"
#include "client/go_text.h"
#include "client/session.h"
#include "server/etcdserverpb/rpc.pb-c.h"

static const struct flag_def compaction_flags[] = {
	{"physical", 0, FLAG_BOOL, "false",
		"'true' to wait for compaction to physically remove all old revisions", false},
};

static int compaction_run(struct ctl *ctl)
{
	Etcdserverpb__CompactionRequest request = ETCDSERVERPB__COMPACTION_REQUEST__INIT;
	ProtobufCMessage *reply;
	const char *bad;
	int code;

	if (ctl->flags.n_args != 1)
		return ctl_fail(ctl, CTL_BAD_ARGS, "compaction command needs 1 argument");
	bad = go_parse_int(ctl->flags.args[0], 10, &request.revision);
	if (bad)
		return ctl_fail(ctl, CTL_ERROR, "strconv.ParseInt: parsing %s: %s",
			go_quoted(ctl->pool, ctl->flags.args[0]), bad);
	request.physical = flag_bool(&ctl->flags, "physical");
	code = session_open(ctl);
	if (!code)
		code = session_call(ctl, &rpc_compact, &request.base, &reply);
	if (!code)
		fprintf(ctl->out, "compacted revision %lld\n", (long long)request.revision);
	return code;
}

const struct command command_compaction = {
	.name = "compaction",
	.arguments = "[options] <revision>",
	.summary = "Compacts the event history in etcd",
	.flags = compaction_flags,
	.n_flags = ARRAY_SIZE(compaction_flags),
	.run = compaction_run,
};
