/* SPDX-License-Identifier: Apache-2.0 */
#include "client/rpc_status.h"

#include <string.h>

/* Codes by their names in grpc-go, which differ from those of the C core. */
static const char *rpc_status_name(struct pool *p, grpc_status_code code)
{
	static const char *const names[] = {
		[GRPC_STATUS_OK] = "OK",
		[GRPC_STATUS_CANCELLED] = "Canceled",
		[GRPC_STATUS_UNKNOWN] = "Unknown",
		[GRPC_STATUS_INVALID_ARGUMENT] = "InvalidArgument",
		[GRPC_STATUS_DEADLINE_EXCEEDED] = "DeadlineExceeded",
		[GRPC_STATUS_NOT_FOUND] = "NotFound",
		[GRPC_STATUS_ALREADY_EXISTS] = "AlreadyExists",
		[GRPC_STATUS_PERMISSION_DENIED] = "PermissionDenied",
		[GRPC_STATUS_RESOURCE_EXHAUSTED] = "ResourceExhausted",
		[GRPC_STATUS_FAILED_PRECONDITION] = "FailedPrecondition",
		[GRPC_STATUS_ABORTED] = "Aborted",
		[GRPC_STATUS_OUT_OF_RANGE] = "OutOfRange",
		[GRPC_STATUS_UNIMPLEMENTED] = "Unimplemented",
		[GRPC_STATUS_INTERNAL] = "Internal",
		[GRPC_STATUS_UNAVAILABLE] = "Unavailable",
		[GRPC_STATUS_DATA_LOSS] = "DataLoss",
		[GRPC_STATUS_UNAUTHENTICATED] = "Unauthenticated",
	};

	if ((unsigned)code < ARRAY_SIZE(names))
		return names[code];
	return pool_printf(p, "Code(%u)", (unsigned)code);
}

const char *rpc_status_text(struct pool *p, grpc_status_code code, const char *description)
{
	return pool_printf(
		p, "rpc error: code = %s desc = %s", rpc_status_name(p, code), description);
}

const char *rpc_status_error(struct pool *p, grpc_status_code code, const char *description)
{
	static const char own[] = "etcdserver: "; /* so begin all of etcd's */

	if (strncmp(description, own, strlen(own)) == 0)
		return description;
	return rpc_status_text(p, code, description);
}

bool rpc_status_retry(grpc_status_code code)
{
	return code == GRPC_STATUS_UNAVAILABLE;
}
