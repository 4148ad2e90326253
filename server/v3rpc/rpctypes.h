/* SPDX-License-Identifier: Apache-2.0 */
/* rpctypes: the errors that clients see: one table of name, gRPC code and text.
 * Clients match on the texts, so they are etcd's, letter by letter
 * (etcdserver/api/v3rpc/rpctypes/error.go). */
#ifndef SERVER_V3RPC_RPCTYPES_H
#define SERVER_V3RPC_RPCTYPES_H

/* The codes of gRPC (https://grpc.github.io/grpc/core/md_doc_statuscodes.html)
 * with the HTTP status that grpc-gateway 1.9 makes of each. */
#define RPC_CODES(X)                                                                               \
	X(OK, 0, 200)                                                                              \
	X(CANCELED, 1, 408)                                                                        \
	X(UNKNOWN, 2, 500)                                                                         \
	X(INVALID_ARGUMENT, 3, 400)                                                                \
	X(DEADLINE_EXCEEDED, 4, 504)                                                               \
	X(NOT_FOUND, 5, 404)                                                                       \
	X(ALREADY_EXISTS, 6, 409)                                                                  \
	X(PERMISSION_DENIED, 7, 403)                                                               \
	X(RESOURCE_EXHAUSTED, 8, 429)                                                              \
	X(FAILED_PRECONDITION, 9, 412)                                                             \
	X(ABORTED, 10, 409)                                                                        \
	X(OUT_OF_RANGE, 11, 400)                                                                   \
	X(UNIMPLEMENTED, 12, 501)                                                                  \
	X(INTERNAL, 13, 500)                                                                       \
	X(UNAVAILABLE, 14, 503)                                                                    \
	X(DATA_LOSS, 15, 500)                                                                      \
	X(UNAUTHENTICATED, 16, 401)

enum rpc_code {
#define X(name, number, http) RPC_CODE_##name = number,
	RPC_CODES(X)
#undef X
};

#define RPC_ERRORS(X)                                                                              \
	X(OK, OK, "")                                                                              \
	X(EMPTY_KEY, INVALID_ARGUMENT, "etcdserver: key is not provided")                          \
	X(KEY_NOT_FOUND, INVALID_ARGUMENT, "etcdserver: key not found")                            \
	X(VALUE_PROVIDED, INVALID_ARGUMENT, "etcdserver: value is provided")                       \
	X(LEASE_PROVIDED, INVALID_ARGUMENT, "etcdserver: lease is provided")                       \
	X(TOO_MANY_OPS, INVALID_ARGUMENT, "etcdserver: too many operations in txn request")        \
	X(DUPLICATE_KEY, INVALID_ARGUMENT, "etcdserver: duplicate key given in txn request")       \
	X(COMPACTED, OUT_OF_RANGE, "etcdserver: mvcc: required revision has been compacted")       \
	X(FUTURE_REV, OUT_OF_RANGE, "etcdserver: mvcc: required revision is a future revision")    \
	X(LEASE_NOT_FOUND, NOT_FOUND, "etcdserver: requested lease not found")                     \
	X(REQUEST_TOO_LARGE, INVALID_ARGUMENT, "etcdserver: request is too large")                 \
	X(TOO_MANY_REQUESTS, RESOURCE_EXHAUSTED, "etcdserver: too many requests")                  \
	X(NO_LEADER, UNAVAILABLE, "etcdserver: no leader")                                         \
	X(LEADER_CHANGED, UNAVAILABLE, "etcdserver: leader changed")                               \
	X(STOPPED, UNAVAILABLE, "etcdserver: server stopped")                                      \
	X(TIMEOUT, UNAVAILABLE, "etcdserver: request timed out")                                   \
	/* not in etcd's table: what it calls these when they come up */                           \
	X(PROPOSAL_DROPPED, UNKNOWN, "raft proposal dropped")                                      \
	X(MALFORMED, INTERNAL, "grpc: error unmarshalling request: unexpected EOF")                \
	/* ours: etcd grows its stack instead */                                                   \
	X(NESTED_TOO_DEEPLY, INVALID_ARGUMENT, "etcdserver: request is nested too deeply")

enum rpc_error {
#define X(name, code, text) RPC_##name,
	RPC_ERRORS(X)
#undef X
};

enum rpc_code rpc_error_code(enum rpc_error e);
const char *rpc_error_text(enum rpc_error e);
int rpc_code_http_status(enum rpc_code code);

#endif
