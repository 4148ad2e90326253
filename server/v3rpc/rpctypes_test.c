/* SPDX-License-Identifier: Apache-2.0 */
#include "server/v3rpc/rpctypes.h"

#include "raft/rafttest/runner.h"

TEST(rpctypes_table)
{
	EXPECT_EQ(RPC_CODE_INVALID_ARGUMENT, rpc_error_code(RPC_EMPTY_KEY));
	EXPECT_STR_EQ("etcdserver: key is not provided", rpc_error_text(RPC_EMPTY_KEY));
	EXPECT_EQ(RPC_CODE_OUT_OF_RANGE, rpc_error_code(RPC_COMPACTED));
	EXPECT_EQ(RPC_CODE_UNAVAILABLE, rpc_error_code(RPC_TIMEOUT));
	EXPECT_EQ(0, rpc_error_code(RPC_OK));
}

TEST(rpctypes_http_statuses)
{
	EXPECT_EQ(200, rpc_code_http_status(RPC_CODE_OK));
	EXPECT_EQ(400, rpc_code_http_status(RPC_CODE_INVALID_ARGUMENT));
	EXPECT_EQ(404, rpc_code_http_status(RPC_CODE_NOT_FOUND));
	EXPECT_EQ(429, rpc_code_http_status(RPC_CODE_RESOURCE_EXHAUSTED));
	EXPECT_EQ(501, rpc_code_http_status(RPC_CODE_UNIMPLEMENTED));
	EXPECT_EQ(503, rpc_code_http_status(RPC_CODE_UNAVAILABLE));
	EXPECT_EQ(401, rpc_code_http_status(RPC_CODE_UNAUTHENTICATED));
}
