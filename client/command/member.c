/* SPDX-License-Identifier: Apache-2.0 */
#include "client/command/commands.h"
#include "client/printer.h"
#include "client/session.h"

static int member_list_run(struct ctl *ctl)
{
	Etcdserverpb__MemberListRequest request = ETCDSERVERPB__MEMBER_LIST_REQUEST__INIT;
	ProtobufCMessage *reply;
	int code = session_open(ctl);

	if (!code)
		code = session_call(ctl, &rpc_member_list, &request.base, &reply);
	return code ? code : printer_reply(ctl, reply);
}

static const struct command member_list = {
	.name = "list",
	.summary = "Lists all members in the cluster",
	.description = "When --write-out is set to simple, this command prints out "
		       "comma-separated member lists for each endpoint.\n"
		       "The items in the lists are ID, Status, Name, Peer Addrs, Client Addrs, "
		       "Is Learner.",
	.run = member_list_run,
};

static const struct command *const member_children[] = {
	&(const struct command){.name = "add", .unsupported = true},
	&(const struct command){.name = "remove", .unsupported = true},
	&(const struct command){.name = "update", .unsupported = true},
	&member_list,
	&(const struct command){.name = "promote", .unsupported = true},
	NULL,
};

const struct command command_member = {
	.name = "member",
	.arguments = "<subcommand>",
	.summary = "Membership related commands",
	.children = member_children,
};
