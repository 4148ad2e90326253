/* SPDX-License-Identifier: Apache-2.0 */
#include "server/etcdserver/membership.h"

#include <stdlib.h>
#include <string.h>

#include "raft/rafttest/runner.h"
#include "server/etcdserver/sha1.h"
#include "server/testdir.h"

TEST(sha1_of_fips_180)
{
	char million[1000];

	EXPECT_EQ(0xa9993e364706816aull, sha1_first8("abc", 3));
	EXPECT_EQ(0xda39a3ee5e6b4b0dull, sha1_first8("", 0));
	EXPECT_EQ(0x84983e441c3bd26eull,
		sha1_first8("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56));
	memset(million, 'a', sizeof million);
	EXPECT_EQ(0x291e9a6c66994949ull, sha1_first8(million, 1000));
}

/* The ids of real members. */
TEST(membership_ids_are_etcds)
{
	struct config_urls urls;
	uint64_t ids[3];
	static const char *const peers[] = {
		"http://127.0.0.1:21380", "http://127.0.0.1:22380", "http://127.0.0.1:23380"};

	for (int i = 0; i < 3; i++) {
		config_urls_parse(&urls, peers[i]);
		ids[i] = membership_member_id(&urls, "mixed-tok");
		config_urls_free(&urls);
	}
	EXPECT_EQ(0x6a2520e06b9fd213ull, ids[0]);
	EXPECT_EQ(0xf53d24d15ae39390ull, ids[1]);
	EXPECT_EQ(0x3fe94b6b3f52d906ull, ids[2]);
	EXPECT_EQ(0x5ad161f078c6499dull, membership_first_cluster_id(ids, 3));
}

TEST(membership_is_kept_in_the_backend)
{
	char *dir = testdir_make(), *path = xasprintf("%s/db", dir), *error, version[16];
	struct backend *b;
	struct membership m;
	struct config_urls urls;
	uint64_t id = 0xf53d24d15ae39390ull;

	EXPECT(backend_open(path, 0, &b, &error));
	membership_init(&m);
	config_urls_parse(&urls, "http://127.0.0.1:1,http://127.0.0.1:2");
	char *json = membership_member_json(id, &urls, "na\"me");
	EXPECT_STR_EQ("{\"id\":17671320994463323024,\"peerURLs\":[\"http://127.0.0.1:1\",\"http://"
		      "127.0.0.1:2\"],"
		      "\"name\":\"na\\\"me\"}",
		json);
	EXPECT(!membership_add_member(&m, b, id, "[]", 2));
	EXPECT(membership_add_member(&m, b, id, json, strlen(json)));
	EXPECT(membership_add_member(&m, b, id, json, strlen(json))); /* again changes nothing */
	EXPECT_EQ(1, membership_size(&m));
	EXPECT(membership_apply_v2(&m, b, "/0/members/f53d24d15ae39390/attributes",
		"{\"name\":\"new\",\"clientURLs\":[\"http://127.0.0.1:3\"]}"));
	EXPECT(!membership_apply_v2(&m, b, "/0/members/5/attributes", "{}"));
	EXPECT(!membership_apply_v2(&m, b, "/0/members/f53d24d15ae39390/attributes", "nonsense"));
	EXPECT(!membership_apply_v2(&m, b, "/1/key", "x"));
	EXPECT(membership_apply_v2(&m, b, "/0/version", "3.4.0"));
	membership_free(&m);

	membership_init(&m);
	membership_load(&m, b);
	EXPECT(membership_has(&m, id));
	EXPECT(!membership_has(&m, 5));
	membership_version(&m, version);
	EXPECT_STR_EQ("3.4.0", version);
	struct arena arena;
	arena_init(&arena);
	Etcdserverpb__MemberListResponse resp = ETCDSERVERPB__MEMBER_LIST_RESPONSE__INIT;
	membership_list(&m, &arena, &resp);
	EXPECT_EQ(1, resp.n_members);
	EXPECT_EQ(id, resp.members[0]->id);
	EXPECT_STR_EQ("new", resp.members[0]->name);
	EXPECT_EQ(2, resp.members[0]->n_peerurls);
	EXPECT_STR_EQ("http://127.0.0.1:3", resp.members[0]->clienturls[0]);
	struct raft_conf_state cs;
	membership_conf_state(&m, &cs);
	EXPECT_EQ(1, cs.voters.len);
	EXPECT_EQ(id, cs.voters.id[0]);
	arena_free(&arena);
	membership_free(&m);
	EXPECT(backend_close(b));
	config_urls_free(&urls);
	free(json);
	free(path);
	testdir_remove(dir);
}
