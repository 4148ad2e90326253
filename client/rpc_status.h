/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_RPC_STATUS_H
#define CLIENT_RPC_STATUS_H

#include <grpc/status.h>
#include <stdbool.h>

#include "client/util.h"

/* rpc_status_text words a failed call as grpc-go does: code and description. */
const char *rpc_status_text(struct pool *p, grpc_status_code code, const char *description);

/* rpc_status_error words it as etcd's client returns it: an error of etcd's own
 * is its text alone. */
const char *rpc_status_error(struct pool *p, grpc_status_code code, const char *description);

/* rpc_status_retry tells whether a call that changes nothing is worth sending
 * again: the server is there but not able, or gone. */
bool rpc_status_retry(grpc_status_code code);

/* What calls end in whose time is up. */
#define RPC_DEADLINE_EXCEEDED "context deadline exceeded"

#endif
