/* SPDX-License-Identifier: Apache-2.0 */
#include "server/http/json_pb.h"

#include <string.h>

#include "raft/rafttest/runner.h"
#include "server/etcdserverpb/rpc.pb-c.h"

#define RANGE &etcdserverpb__range_request__descriptor
#define TXN &etcdserverpb__txn_request__descriptor

static struct arena arena;
static char error[256];

static void *decode(const ProtobufCMessageDescriptor *desc, const char *json)
{
	ProtobufCMessage *msg;

	if (!arena.protobuf.alloc)
		arena_init(&arena);
	*error = 0;
	return json_pb_decode(desc, json, strlen(json), &arena, &msg, error, sizeof error) ? msg
											   : NULL;
}

#define EXPECT_ERROR(want, desc, json)                                                             \
	do {                                                                                       \
		EXPECT(!decode(desc, json));                                                       \
		EXPECT_STR_EQ(want, error);                                                        \
	} while (0)

/* Decoding and encoding again gives the text `want`. */
#define EXPECT_JSON(want, desc, json)                                                              \
	do {                                                                                       \
		ProtobufCMessage *msg_ = decode(desc, json);                                       \
		EXPECT_STR_EQ("", error);                                                          \
		struct json_text t_ = {0};                                                         \
		json_pb_encode(msg_, &t_);                                                         \
		json_text_putc(&t_, 0);                                                            \
		EXPECT_STR_EQ(want, t_.data);                                                      \
		json_text_free(&t_);                                                               \
		arena_reset(&arena);                                                               \
	} while (0)

TEST(json_pb_round_trips)
{
	EXPECT_JSON("{}", RANGE, "");
	EXPECT_JSON("{}", RANGE, "  {}");
	EXPECT_JSON("{}", RANGE, "{\"key\":null,\"limit\":0,\"nosuch\":[1,{}]}");
	EXPECT_JSON("{\"key\":\"YQ==\"}", RANGE, "{\"key\":\"YQ==\"} trailing");
	EXPECT_JSON("{\"key\":\"YQ==\",\"range_end\":\"AA==\",\"limit\":\"5\",\"sort_order\":"
		    "\"DESCEND\","
		    "\"sort_target\":\"VALUE\",\"serializable\":true}",
		RANGE,
		"{\"key\":\"YQ==\",\"rangeEnd\":\"AA==\",\"limit\":5,\"sortOrder\":2,\"sort_"
		"target\":\"VALUE\","
		"\"serializable\":true,\"keys_only\":false}");
	EXPECT_JSON("{\"sort_order\":77,\"min_mod_revision\":\"-9223372036854775808\"}", RANGE,
		"{\"sort_order\":77,\"minModRevision\":\"-9223372036854775808\"}");
	/* camelCase wins */
	EXPECT_JSON("{\"range_end\":\"Yg==\"}", RANGE,
		"{\"range_end\":\"YQ==\",\"rangeEnd\":\"Yg==\"}");
	EXPECT_JSON("{\"compare\":[{\"result\":\"LESS\",\"key\":\"YQ==\",\"version\":\"0\"}],"
		    "\"success\":[{\"request_put\":{}},"
		    "{\"request_txn\":{\"failure\":[{}]}}]}",
		TXN,
		"{\"compare\":[{\"key\":\"YQ==\",\"result\":\"LESS\",\"version\":0}],\"success\":[{"
		"\"requestPut\":{}},"
		"{\"request_txn\":{\"failure\":[{}]}}]}");
	EXPECT_JSON("{\"members\":[{\"ID\":\"18446744073709551615\",\"name\":\"\xef\xbf\xbd\","
		    "\"peerURLs\":[\"x\",\"\"]}]}",
		&etcdserverpb__member_list_response__descriptor,
		"{\"members\":[{\"ID\":\"18446744073709551615\",\"name\":\"\xef\xbf\xbd\","
		"\"peerURLs\":[\"x\",\"\"]}]}");
}

TEST(json_pb_base64)
{
	EXPECT_JSON("{\"key\":\"YWI=\"}", RANGE, "{\"key\":\"YW\\nI=\"}");
	EXPECT_JSON("{}", RANGE, "{\"key\":\"\"}");
	EXPECT_ERROR("illegal base64 data at input byte 0", RANGE, "{\"key\":\"!!\"}");
	EXPECT_ERROR("illegal base64 data at input byte 3", RANGE, "{\"key\":\"YWI\"}");
	EXPECT_ERROR("illegal base64 data at input byte 4", RANGE, "{\"key\":\"YWI=A\"}");
	EXPECT_ERROR("illegal base64 data at input byte 0", RANGE, "{\"key\":\"====\"}");
	EXPECT_ERROR("illegal base64 data at input byte 1", RANGE, "{\"key\":\"Y-==\"}");
}

TEST(json_pb_type_errors)
{
	EXPECT_ERROR("json: cannot unmarshal number into Go value of type []uint8", RANGE,
		"{\"key\":5}");
	EXPECT_ERROR("json: cannot unmarshal string into Go value of type bool", RANGE,
		"{\"keysOnly\":\"true\"}");
	EXPECT_ERROR(
		"json: cannot unmarshal array into Go value of type map[string]json.RawMessage",
		RANGE, "[]");
	EXPECT_ERROR(
		"json: cannot unmarshal number into Go value of type map[string]json.RawMessage",
		RANGE, "5");
	EXPECT_ERROR("json: cannot unmarshal object into Go value of type []json.RawMessage", TXN,
		"{\"compare\":{}}");
	EXPECT_ERROR("json: cannot unmarshal bool into Go value of type int64", RANGE,
		"{\"limit\":true}");
	EXPECT_ERROR(
		"json: cannot unmarshal number 9223372036854775808 into Go value of type int64",
		RANGE, "{\"limit\":\"9223372036854775808\"}");
	EXPECT_ERROR(
		"invalid character 'x' looking for beginning of value", RANGE, "{\"limit\":\"x\"}");
	EXPECT_ERROR("unknown value \"BAD\" for enum etcdserverpb.RangeRequest_SortOrder", RANGE,
		"{\"sort_order\":\"BAD\"}");
}

TEST(json_pb_syntax_errors)
{
	EXPECT_ERROR(
		"invalid character 'b' looking for beginning of object key string", RANGE, "{bad");
	EXPECT_ERROR("invalid character 'b' looking for beginning of value", RANGE, "bad");
	EXPECT_ERROR("invalid character '5' after object key", RANGE, "{\"key\" 5}");
	EXPECT_ERROR("invalid character '\"' after object key:value pair", RANGE,
		"{\"key\":\"YQ==\" \"x\":1}");
	EXPECT_ERROR("unexpected EOF", RANGE, "{\"key\":");
	EXPECT_ERROR("unexpected EOF", RANGE, "{\"key\":\"YQ==\"");
}

TEST(json_pb_deep_nesting_is_refused)
{
	struct json_text t = {0};

	for (int i = 0; i < 900; i++)
		json_text_puts(&t, "{\"success\":[{\"request_txn\":");
	json_text_puts(&t, "{}");
	for (int i = 0; i < 900; i++)
		json_text_puts(&t, "}]}");
	json_text_putc(&t, 0);
	EXPECT_ERROR("exceeded max depth", TXN, t.data);
	json_text_free(&t);

	memset(&t, 0, sizeof t);
	for (int i = 0; i < 100000; i++)
		json_text_putc(&t, '[');
	json_text_putc(&t, 0);
	EXPECT_ERROR("exceeded max depth", TXN, t.data);
	json_text_free(&t);
}
