/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The root of the command tree, with the flags that all commands share. All of
 * etcdctl's commands are named here, so that abbreviations and suggestions are
 * the same, and so that one we don't have is refused by name.
 */
#include "client/command.h"
#include "client/command/commands.h"

#define UNSUPPORTED(name_)                                                                         \
	&(const struct command)                                                                    \
	{                                                                                          \
		.name = (name_), .unsupported = true                                               \
	}

/* In etcdctl's order: suggestions are listed in it. */
static const struct command *const root_children[] = {
	&command_get,
	&command_put,
	&command_del,
	&command_txn,
	&command_compaction,
	UNSUPPORTED("alarm"),
	UNSUPPORTED("defrag"),
	&command_endpoint,
	UNSUPPORTED("move-leader"),
	UNSUPPORTED("watch"),
	&command_version,
	UNSUPPORTED("lease"),
	&command_member,
	UNSUPPORTED("snapshot"),
	UNSUPPORTED("make-mirror"),
	UNSUPPORTED("migrate"),
	UNSUPPORTED("lock"),
	UNSUPPORTED("elect"),
	UNSUPPORTED("auth"),
	UNSUPPORTED("user"),
	UNSUPPORTED("role"),
	UNSUPPORTED("check"),
	&command_help_topic,
	UNSUPPORTED("completion"),
	NULL,
};

static const struct flag_def root_flags[] = {
	{"cacert", 0, FLAG_STRING, "",
		"verify certificates of TLS-enabled secure servers using this CA bundle", true},
	{"cert", 0, FLAG_STRING, "", "identify secure client using this TLS certificate file",
		true},
	{"command-timeout", 0, FLAG_DURATION, "5s",
		"timeout for short running command (excluding dial timeout)", false},
	{"debug", 0, FLAG_BOOL, "false", "enable client-side debug logging", false},
	{"dial-timeout", 0, FLAG_DURATION, "2s", "dial timeout for client connections", false},
	{"discovery-srv", 'd', FLAG_STRING, "",
		"domain name to query for SRV records describing cluster endpoints", true},
	{"discovery-srv-name", 0, FLAG_STRING, "", "service name to query when using DNS discovery",
		true},
	{"endpoints", 0, FLAG_LIST, "127.0.0.1:2379", "gRPC endpoints", false},
	{"hex", 0, FLAG_BOOL, "false", "print byte strings as hex encoded strings", false},
	{"insecure-discovery", 0, FLAG_BOOL, "true",
		"accept insecure SRV records describing cluster endpoints", true},
	{"insecure-skip-tls-verify", 0, FLAG_BOOL, "false",
		"skip server certificate verification (CAUTION: this option should be enabled "
		"only for testing purposes)",
		true},
	{"insecure-transport", 0, FLAG_BOOL, "true",
		"disable transport security for client connections", true},
	{"keepalive-time", 0, FLAG_DURATION, "2s", "keepalive time for client connections", false},
	{"keepalive-timeout", 0, FLAG_DURATION, "6s", "keepalive timeout for client connections",
		false},
	{"key", 0, FLAG_STRING, "", "identify secure client using this TLS key file", true},
	{"password", 0, FLAG_STRING, "",
		"password for authentication (if this option is used, --user option shouldn't "
		"include password)",
		true},
	{"user", 0, FLAG_STRING, "",
		"username[:password] for authentication (prompt if password is not supplied)",
		true},
	{"write-out", 'w', FLAG_STRING, "simple",
		"set the output format (fields, json, protobuf, simple, table)", false},
};

const struct command command_root = {
	.name = "etcdctl",
	.summary = "A simple command line client for etcd3.",
	.persistent = root_flags,
	.n_persistent = ARRAY_SIZE(root_flags),
	.children = root_children,
};
