/* SPDX-License-Identifier: Apache-2.0 */
#include "client/printer.h"

#include <string.h>

#include "client/json.h"
#include "client/table.h"
#include "client/testing.h"
#include "raft/rafttest/runner.h"

/* prints checks how reply is printed in a format. */
static void prints(const char *format, bool hex, const ProtobufCMessage *reply, const char *want)
{
	struct fake f;
	int code;

	fake_open(&f);
	f.ctl.printer = printer_find(format);
	flagset_add(&f.ctl.flags, command_root.persistent, command_root.n_persistent);
	if (hex)
		flag_set(&f.pool, flagset_find(&f.ctl.flags, "hex"), "true");
	code = printer_reply(&f.ctl, reply);
	fake_flush(&f);
	if (want) {
		EXPECT_STR_EQ(want, f.out);
		EXPECT_EQ(CTL_OK, code);
	} else {
		EXPECT_EQ(CTL_BAD_FEATURE, code);
		EXPECT_STR_EQ("", f.out);
		EXPECT(strstr(f.err, "not supported as output format"));
	}
	fake_close(&f);
}

#define BYTES(s)                                                                                   \
	{                                                                                          \
		sizeof(s) - 1, (uint8_t *)(s)                                                      \
	}

static Etcdserverpb__ResponseHeader header = {
	.base = PROTOBUF_C_MESSAGE_INIT(&etcdserverpb__response_header__descriptor),
	.cluster_id = UINT64_MAX,
	.member_id = 0x8000000000000001,
	.revision = 7,
};
static Mvccpb__KeyValue kv = {
	.base = PROTOBUF_C_MESSAGE_INIT(&mvccpb__key_value__descriptor),
	.key = BYTES("k\xff"),
	.value = BYTES("v\"\0"),
	.create_revision = 2,
	.mod_revision = 5,
	.version = 3,
};
static Mvccpb__KeyValue *kvs[] = {&kv};

static Etcdserverpb__RangeResponse range_reply(void)
{
	Etcdserverpb__RangeResponse r = ETCDSERVERPB__RANGE_RESPONSE__INIT;

	r.header = &header;
	r.kvs = kvs;
	r.n_kvs = 1;
	r.count = 4;
	r.more = true;
	return r;
}

TEST(printer_range)
{
	Etcdserverpb__RangeResponse r = range_reply();

	prints("json", false, &r.base,
		"{\"header\":{\"cluster_id\":18446744073709551615,\"member_id\":"
		"9223372036854775809,\"revision\":7},\"kvs\":[{\"key\":\"a/8=\","
		"\"create_revision\":2,\"mod_revision\":5,\"version\":3,\"value\":\"diIA\"}],"
		"\"more\":true,\"count\":4}\n");
	prints("fields", false, &r.base,
		"\"ClusterID\" : 18446744073709551615\n\"MemberID\" : 9223372036854775809\n"
		"\"Revision\" : 7\n\"RaftTerm\" : 0\n\"Key\" : \"k\\xff\"\n\"CreateRevision\" : 2\n"
		"\"ModRevision\" : 5\n\"Version\" : 3\n\"Value\" : \"v\\\"\\x00\"\n\"Lease\" : 0\n"
		"\"More\" : true\n\"Count\" : 4\n");
	prints("simple", true, &r.base, "\\x6b\\xff\n\\x76\\x22\\x00\n");
	prints("table", false, &r.base, NULL);
}

TEST(printer_txn)
{
	Etcdserverpb__RangeResponse range = range_reply();
	Etcdserverpb__PutResponse put = ETCDSERVERPB__PUT_RESPONSE__INIT;
	Etcdserverpb__ResponseOp ops[3] = {ETCDSERVERPB__RESPONSE_OP__INIT,
		ETCDSERVERPB__RESPONSE_OP__INIT, ETCDSERVERPB__RESPONSE_OP__INIT};
	Etcdserverpb__ResponseOp *list[] = {&ops[0], &ops[1], &ops[2]};
	Etcdserverpb__TxnResponse r = ETCDSERVERPB__TXN_RESPONSE__INIT;

	range.header = NULL;
	range.n_kvs = 0;
	ops[0].response_case = ETCDSERVERPB__RESPONSE_OP__RESPONSE_RESPONSE_RANGE;
	ops[0].response_range = &range;
	ops[1].response_case = ETCDSERVERPB__RESPONSE_OP__RESPONSE_RESPONSE_PUT;
	ops[1].response_put = &put;
	r.responses = list;
	r.n_responses = 3;
	prints("json", false, &r.base,
		"{\"responses\":[{\"Response\":{\"ResponseRange\":{\"more\":true,\"count\":4}}},"
		"{\"Response\":{\"ResponsePut\":{}}},{\"Response\":null}]}\n");
	prints("simple", false, &r.base, "FAILURE\n\n\nOK\n\nunexpected response\n");
}

TEST(printer_unset_format)
{
	EXPECT(printer_find("nonsense") == NULL);
	EXPECT(printer_find("") == NULL);
	EXPECT(printer_find("Simple") == NULL);
}

TEST(printer_sizes)
{
	static const struct {
		uint64_t bytes;
		const char *want;
	} rows[] = {
		{0, "0 B"},
		{9, "9 B"},
		{10, "10 B"},
		{999, "999 B"},
		{1000, "1.0 kB"},
		{1049, "1.0 kB"},
		{9949, "9.9 kB"},
		{9950, "10 kB"},
		{20480, "20 kB"},
		{21500, "22 kB"},
		{233472, "234 kB"}, /* 233.5 first, then to the even one */
		{1500000, "1.5 MB"},
		{2147483648, "2.1 GB"},
		{UINT64_MAX, "18 EB"},
	};
	struct pool p;

	pool_init(&p);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		EXPECT_STR_EQ(rows[i].want, printer_size(&p, rows[i].bytes));
	pool_free(&p);
}

TEST(json_string_escapes_as_go)
{
	static const char in[] = "\"\\/\b\f\n\r\t\x01\x7f<&>\xe2\x80\xa8\xff\xe4\xb8\xad";
	struct pool p;
	struct text t;

	pool_init(&p);
	text_init(&t, &p);
	json_string(&t, in, strlen(in));
	EXPECT_STR_EQ("\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u0001\x7f\\u003c\\u0026\\u003e\\u2028"
		      "\\ufffd\xe4\xb8\xad\"",
		t.data);
	pool_free(&p);
}

TEST(table_is_drawn)
{
	static const char *const heading[] = {"ID", "Status of it"};
	static const char *const rows[] = {"1", "started", "22",
		"a text that is longer than thirty characters is broken", "\xe4\xb8\xad", ""};
	struct pool p;
	struct text t;

	pool_init(&p);
	text_init(&t, &p);
	table_print(&t, heading, rows, 3, 2);
	EXPECT_STR_EQ("+----+--------------------------------+\n"
		      "| ID |          STATUS OF IT          |\n"
		      "+----+--------------------------------+\n"
		      "|  1 |                        started |\n"
		      "| 22 |     a text that is longer than |\n"
		      "|    |    thirty characters is broken |\n"
		      "| \xe4\xb8\xad |                                |\n"
		      "+----+--------------------------------+\n",
		t.data);
	pool_free(&p);
}
