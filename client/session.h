/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a command needs before it talks to a server: the flags that all share,
 * ETCDCTL_* from the environment, the printer, a connection.
 */
#ifndef CLIENT_SESSION_H
#define CLIENT_SESSION_H

#include "client/command.h"
#include "client/rpc.h"

/* session_open takes over the environment, refuses what is not supported, and
 * fills in ctl->printer and ctl->endpoints. Nothing is connected yet.
 * Returns: CTL_OK, or the exit code, having printed why. */
int session_open(struct ctl *ctl);

/* session_config is the configuration for calls to n endpoints. */
struct rpc_config session_config(struct ctl *ctl, const char *const *endpoints, size_t n);

/* session_timeout is how long a call may take, in nanoseconds. */
int64_t session_timeout(const struct ctl *ctl);

/* session_call makes one call to ctl->endpoints.
 * Returns: CTL_OK and the reply; or the exit code, having printed why. */
int session_call(struct ctl *ctl, const struct rpc_method *m, const ProtobufCMessage *request,
	ProtobufCMessage **reply);

#endif
