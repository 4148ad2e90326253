/* SPDX-License-Identifier: Apache-2.0 */
/* Requests and answers are written in JSON, through the gateway's mapping, which
 * keeps the tests readable. Keys and values stand between single quotes. */
#include "server/etcdserver/kv_apply.h"

#include <stdlib.h>
#include <string.h>

#include "raft/rafttest/runner.h"
#include "server/http/json_pb.h"
#include "server/testdir.h"

static char *dir;
static struct backend *backend;
static struct kvstore *kv;
static struct arena requests, replies;
static char answer[4096];

static void setup(void)
{
	char *error;

	dir = testdir_make();
	char *path = xasprintf("%s/db", dir);
	if (!backend_open(path, 0, &backend, &error) || !kvstore_open(backend, &kv, &error))
		FAIL("%s", error);
	free(path);
	arena_init(&requests);
	arena_init(&replies);
}

static void teardown(void)
{
	kvstore_close(kv);
	backend_close(backend);
	arena_free(&requests);
	arena_free(&replies);
	testdir_remove(dir);
}

static char *expand(const char *s)
{
	struct json_text t = {0};

	for (; *s; s++) {
		if (*s != '\'') {
			json_text_putc(&t, *s == '`' ? '"' : *s);
			continue;
		}
		const char *end = strchr(s + 1, '\'');
		bool nul = strncmp(s + 1, "NUL", 3) == 0;
		json_text_base64(
			&t, (const uint8_t *)(nul ? "" : s + 1), nul ? 1 : (size_t)(end - s - 1));
		s = end;
	}
	json_text_putc(&t, 0);
	return t.data;
}

/* Applies a request and gives its answer in JSON, or the text of the error. */
static const char *apply(const ProtobufCMessageDescriptor *req,
	const ProtobufCMessageDescriptor *resp,
	enum rpc_error (*fn)(struct kv_apply *, const void *, struct kv_reply *), const char *text)
{
	char error[256], *json = expand(text);
	ProtobufCMessage *msg;
	struct kv_apply a = {.kv = kv, .arena = &replies};
	struct kv_reply reply = {0};

	if (!json_pb_decode(req, json, strlen(json), &requests, &msg, error, sizeof error))
		FAIL("%s: %s", json, error);
	enum rpc_error err = fn(&a, msg, &reply);
	if (err != RPC_OK) {
		snprintf(answer, sizeof answer, "%s", rpc_error_text(err));
	} else {
		struct json_text t = {.data = answer, .cap = sizeof answer - 1, .fixed = true};
		ProtobufCMessage *r =
			protobuf_c_message_unpack(resp, &requests.protobuf, reply.len, reply.data);
		json_pb_encode(r, &t);
		answer[t.len] = 0;
	}
	free(reply.data);
	free(json);
	arena_reset(&requests);
	arena_reset(&replies);
	return answer;
}

#define APPLY(what)                                                                                \
	static enum rpc_error apply_##what(                                                        \
		struct kv_apply *a, const void *r, struct kv_reply *reply)                         \
	{                                                                                          \
		return kv_apply_##what(a, r, reply);                                               \
	}
APPLY(put)
APPLY(range)
APPLY(delete_range)
APPLY(txn)
APPLY(compact)

#define DO(what, desc, want, json)                                                                 \
	do {                                                                                       \
		char *want_ = expand(want);                                                        \
		EXPECT_STR_EQ(want_, apply(&etcdserverpb__##desc##_request__descriptor,            \
					     &etcdserverpb__##desc##_response__descriptor,         \
					     apply_##what, json));                                 \
		free(want_);                                                                       \
	} while (0)
#define PUT(want, json) DO(put, put, want, json)
#define GET(want, json) DO(range, range, want, json)
#define DEL(want, json) DO(delete_range, delete_range, want, json)
#define TXN(want, json) DO(txn, txn, want, json)
#define COMPACT(want, json) DO(compact, compaction, want, json)
#define REV(n) "{`header`:{`revision`:`" #n "`}}"

TEST(kv_apply_put)
{
	setup();
	PUT(REV(2), "{`key`:'a',`value`:'1'}");
	PUT("{`header`:{`revision`:`3`},`prev_kv`:{`key`:'a',`create_revision`:`2`,`mod_revision`:`"
	    "2`,`version`:`1`,"
	    "`value`:'1'}}",
		"{`key`:'a',`prev_kv`:true,`ignore_value`:true}");
	PUT("etcdserver: key not found", "{`key`:'b',`ignore_value`:true}");
	PUT("etcdserver: key not found", "{`key`:'b',`ignore_lease`:true}");
	PUT("etcdserver: requested lease not found", "{`key`:'a',`lease`:7}");
	GET("{`header`:{`revision`:`3`},`kvs`:[{`key`:'a',`create_revision`:`2`,`mod_revision`:`3`,"
	    "`version`:`2`,"
	    "`value`:'1'}],`count`:`1`}",
		"{`key`:'a'}");
	teardown();
}

TEST(kv_apply_range_options)
{
	setup();
	PUT(REV(2), "{`key`:'a',`value`:'3'}");
	PUT(REV(3), "{`key`:'b',`value`:'2'}");
	PUT(REV(4), "{`key`:'c',`value`:'1'}");
	PUT(REV(5), "{`key`:'a',`value`:'3'}");
#define A "{`key`:'a',`create_revision`:`2`,`mod_revision`:`5`,`version`:`2`}"
#define B "{`key`:'b',`create_revision`:`3`,`mod_revision`:`3`,`version`:`1`}"
#define C "{`key`:'c',`create_revision`:`4`,`mod_revision`:`4`,`version`:`1`}"
#define ALL "{`key`:'a',`range_end`:'NUL',`keys_only`:true"
#define H "{`header`:{`revision`:`5`},"
	GET(H "`kvs`:[" A "," B "," C "],`count`:`3`}", ALL "}");
	GET(H "`kvs`:[" A "," B "],`more`:true,`count`:`3`}", ALL ",`limit`:2}");
	GET(H "`kvs`:[" A "," B "," C "],`count`:`3`}", ALL ",`limit`:3}");
	GET(H "`kvs`:[" C "," B "," A "],`count`:`3`}", ALL ",`sort_order`:`DESCEND`}");
	GET(H "`kvs`:[" C "],`more`:true,`count`:`3`}", ALL ",`sort_order`:`DESCEND`,`limit`:1}");
	GET(H "`kvs`:[" C "," B "," A "],`count`:`3`}", ALL ",`sort_target`:`VALUE`}");
	GET(H "`kvs`:[" B "," C "," A "],`count`:`3`}", ALL ",`sort_target`:`MOD`}");
	GET(H "`kvs`:[" C "," B "," A "],`count`:`3`}",
		ALL ",`sort_target`:`CREATE`,`sort_order`:`DESCEND`}");
	GET(H "`kvs`:[" B "," C "," A "],`count`:`3`}", ALL ",`sort_target`:`VERSION`}");
	GET(H "`kvs`:[" B "," C "],`count`:`3`}", ALL ",`min_create_revision`:3}");
	GET(H "`kvs`:[" B "],`count`:`3`}", ALL ",`max_mod_revision`:3}");
	GET(H "`count`:`3`}", ALL ",`count_only`:true}");
	GET(H "`kvs`:[" B "],`count`:`1`}", "{`key`:'b',`range_end`:'c',`keys_only`:true}");
	GET("{`header`:{`revision`:`5`},`count`:`1`}",
		"{`key`:'a',`range_end`:'b',`count_only`:true,`revision`:2}");
	GET("etcdserver: mvcc: required revision is a future revision", "{`key`:'a',`revision`:6}");
	COMPACT(REV(5), "{`revision`:4}");
	GET("etcdserver: mvcc: required revision has been compacted", "{`key`:'a',`revision`:3}");
	COMPACT("etcdserver: mvcc: required revision has been compacted", "{`revision`:4}");
	COMPACT("etcdserver: mvcc: required revision is a future revision", "{`revision`:9}");
	teardown();
}

TEST(kv_apply_delete)
{
	setup();
	PUT(REV(2), "{`key`:'a'}");
	PUT(REV(3), "{`key`:'b'}");
	DEL("{`header`:{`revision`:`3`}}", "{`key`:'x'}");
	DEL("{`header`:{`revision`:`4`},`deleted`:`2`,`prev_kvs`:[{`key`:'a',`create_revision`:`2`,"
	    "`mod_revision`:`2`,"
	    "`version`:`1`},{`key`:'b',`create_revision`:`3`,`mod_revision`:`3`,`version`:`1`}]}",
		"{`key`:'a',`range_end`:'z',`prev_kv`:true}");
	teardown();
}

TEST(kv_apply_txn_compares)
{
	static const struct {
		const char *compare;
		bool holds;
	} cases[] = {
		{"{`key`:'a',`target`:`VALUE`,`value`:'m'}", true},
		{"{`key`:'a',`target`:`VALUE`,`value`:'n'}", false},
		{"{`key`:'a',`target`:`VALUE`,`result`:`LESS`,`value`:'n'}", true},
		{"{`key`:'a',`target`:`VALUE`,`result`:`GREATER`,`value`:'n'}", false},
		{"{`key`:'a',`target`:`VALUE`,`result`:`NOT_EQUAL`,`value`:'n'}", true},
		{"{`key`:'a',`target`:`VERSION`,`version`:1}", true},
		{"{`key`:'a',`target`:`CREATE`,`create_revision`:2}", true},
		{"{`key`:'a',`target`:`MOD`,`result`:`GREATER`,`mod_revision`:2}", false},
		{"{`key`:'a',`target`:`LEASE`,`lease`:0}", true},
		/* the operand of another target counts as none */
		{"{`key`:'a',`target`:`VERSION`,`create_revision`:1}", false},
		/* a missing key has version 0, but no value */
		{"{`key`:'x',`target`:`VERSION`,`version`:0}", true},
		{"{`key`:'x',`target`:`VALUE`,`value`:''}", false},
		{"{`key`:'x',`target`:`VALUE`,`result`:`NOT_EQUAL`,`value`:'q'}", false},
		/* every key of a range */
		{"{`key`:'a',`range_end`:'c',`target`:`VERSION`,`version`:1}", true},
		{"{`key`:'a',`range_end`:'c',`target`:`VALUE`,`value`:'m'}", false},
		{"{`key`:'x',`range_end`:'NUL',`target`:`VERSION`,`version`:0}", true},
		/* all of them, not the last one */
		{"{`key`:'a',`target`:`VERSION`,`version`:2},"
		 "{`key`:'a',`target`:`VERSION`,`version`:1}",
			false},
	};

	setup();
	PUT(REV(2), "{`key`:'a',`value`:'m'}");
	PUT(REV(3), "{`key`:'b',`value`:'o'}");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char json[256];
		snprintf(json, sizeof json, "{`compare`:[%s]}", cases[i].compare);
		if (cases[i].holds)
			TXN("{`header`:{`revision`:`3`},`succeeded`:true}", json);
		else
			TXN(REV(3), json);
	}
	teardown();
}

TEST(kv_apply_txn_is_one_revision)
{
	setup();
	TXN("{`header`:{`revision`:`2`},`succeeded`:true,`responses`:[{`response_put`:{`header`:{`"
	    "revision`:`2`}}},"
	    "{`response_range`:{`header`:{`revision`:`2`},`kvs`:[{`key`:'a',`create_revision`:`2`,`"
	    "mod_revision`:`2`,"
	    "`version`:`1`}],`count`:`1`}},{`response_txn`:{`header`:{},`responses`:[{`response_"
	    "put`:{`header`:{`revision`:"
	    "`2`}}}]}},{`response_delete_range`:{`header`:{`revision`:`2`}}}]}",
		"{`success`:[{`request_put`:{`key`:'a'}},{`request_range`:{`key`:'a'}},"
		"{`request_txn`:{`compare`:[{`key`:'a',`target`:`VERSION`,`version`:1}],"
		"`failure`:[{`request_put`:{`key`:'b'}}]}},{`request_delete_range`:{`key`:'q'}}]}");
	EXPECT_EQ(2, kvstore_rev(kv));
	/* nothing written, no revision */
	TXN("{`header`:{`revision`:`2`},`succeeded`:true,`responses`:[{`response_delete_range`:{`"
	    "header`:{`revision`:`2`}}}]}",
		"{`success`:[{`request_delete_range`:{`key`:'q'}}]}");
	teardown();
}

/* What can be wrong is found before the first write. */
TEST(kv_apply_txn_all_or_nothing)
{
	setup();
	PUT(REV(2), "{`key`:'a',`value`:'1'}");
	TXN("etcdserver: key not found", "{`success`:[{`request_put`:{`key`:'b'}},{`request_put`:{`"
					 "key`:'c',`ignore_value`:true}}]}");
	TXN("etcdserver: requested lease not found",
		"{`success`:[{`request_put`:{`key`:'b'}},{`request_txn`:{`success`:[{`request_put`:"
		"{`key`:'c',`lease`:1}}]}}]}");
	TXN("etcdserver: mvcc: required revision is a future revision",
		"{`success`:[{`request_put`:{`key`:'b'}},{`request_range`:{`key`:'c',`revision`:3}}"
		"]}");
	TXN("etcdserver: mvcc: required revision is a future revision",
		"{`success`:[{`request_range`:{`key`:'c',`revision`:3}}]}");
	EXPECT_EQ(2, kvstore_rev(kv));
	GET("{`header`:{`revision`:`2`},`count`:`1`}",
		"{`key`:'NUL',`range_end`:'NUL',`count_only`:true}");
	teardown();
}

/* This panics etcd 3.4: the put needs a value that the delete before it took. */
TEST(kv_apply_txn_delete_then_ignore_value)
{
	setup();
	PUT(REV(2), "{`key`:'b',`value`:'1'}");
	TXN("etcdserver: key not found",
		"{`success`:[{`request_delete_range`:{`key`:'a',`range_end`:'NUL'}},"
		"{`request_put`:{`key`:'b',`ignore_value`:true}}]}");
	TXN("etcdserver: key not found",
		"{`success`:[{`request_txn`:{`success`:[{`request_delete_range`:{`key`:'a',`range_"
		"end`:'NUL'}}]}},"
		"{`request_txn`:{`success`:[{`request_put`:{`key`:'b',`ignore_lease`:true}}]}}]}");
	EXPECT_EQ(2, kvstore_rev(kv));
	/* before the first deleted key, or before the delete, it works */
	TXN("{`header`:{`revision`:`3`},`succeeded`:true,`responses`:[{`response_delete_range`:{`"
	    "header`:{`revision`:`2`}}},"
	    "{`response_put`:{`header`:{`revision`:`3`}}}]}",
		"{`success`:[{`request_delete_range`:{`key`:'c',`range_end`:'NUL'}},"
		"{`request_put`:{`key`:'b',`ignore_value`:true}}]}");
	teardown();
}

/* During replay nobody waits for the answer; the effects are the same. */
TEST(kv_apply_without_reply)
{
	Etcdserverpb__PutRequest put = ETCDSERVERPB__PUT_REQUEST__INIT;
	struct kv_apply a = {.arena = &replies};
	uint8_t k[] = "k";

	setup();
	a.kv = kv;
	put.key = (ProtobufCBinaryData){1, k};
	EXPECT_EQ(RPC_OK, kv_apply_put(&a, &put, NULL));
	EXPECT_EQ(2, kvstore_rev(kv));
	teardown();
}

TEST(kv_apply_put_gives_the_value_before)
{
	setup();
	PUT(REV(2), "{`key`:'a',`value`:'one',`prev_kv`:true}");
	PUT("{`header`:{`revision`:`3`},`prev_kv`:{`key`:'a',`create_revision`:`2`,"
	    "`mod_revision`:`2`,`version`:`1`,`value`:'one'}}",
		"{`key`:'a',`value`:'two',`prev_kv`:true}");
	teardown();
}
