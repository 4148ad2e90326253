/* SPDX-License-Identifier: Apache-2.0 */
#include "server/v3rpc/rpctypes.h"

enum rpc_code rpc_error_code(enum rpc_error e)
{
	static const enum rpc_code codes[] = {
#define X(name, code, text) RPC_CODE_##code,
		RPC_ERRORS(X)
#undef X
	};
	return codes[e];
}

const char *rpc_error_text(enum rpc_error e)
{
	static const char *const texts[] = {
#define X(name, code, text) text,
		RPC_ERRORS(X)
#undef X
	};
	return texts[e];
}

int rpc_code_http_status(enum rpc_code code)
{
	static const int statuses[] = {
#define X(name, number, http) http,
		RPC_CODES(X)
#undef X
	};
	return statuses[code];
}
