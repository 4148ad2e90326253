/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The requests of get, put and del, built from flags and arguments: for the
 * commands of these names, and for the lines of a txn, which are written alike.
 *
 * Each op_ function returns CTL_OK and the request in *out (memory of
 * ctl->pool), or has printed what is wrong and returns the exit code.
 */
#ifndef CLIENT_OP_H
#define CLIENT_OP_H

#include "client/command.h"
#include "server/etcdserverpb/rpc.pb-c.h"

/* Where put may look for its value when it is not among the arguments. */
enum op_stdin {
	OP_ARGUMENTS_ONLY,
	OP_ELSE_STDIN, /* ctl->in, up to its end */
};

int op_get(struct ctl *ctl, const struct flagset *fs, Etcdserverpb__RangeRequest **out);
int op_put(struct ctl *ctl, const struct flagset *fs, enum op_stdin in,
	Etcdserverpb__PutRequest **out);
int op_del(struct ctl *ctl, const struct flagset *fs, Etcdserverpb__DeleteRangeRequest **out);

#endif
