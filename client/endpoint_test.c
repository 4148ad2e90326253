/* SPDX-License-Identifier: Apache-2.0 */
#include "client/endpoint.h"

#include "raft/rafttest/runner.h"

TEST(endpoint_targets)
{
	static const struct {
		const char *endpoint;
		const char *bad;
		const char *target;
	} rows[] = {
		{"127.0.0.1:2379", NULL, "dns:///127.0.0.1:2379"},
		{"localhost:2379", NULL, "dns:///localhost:2379"},
		{"http://h:1", NULL, "dns:///h:1"},
		{"http://h:1/", NULL, "dns:///h:1"},
		{"http://h:1/a/b?c#d", NULL, "dns:///h:1"},
		{"[::1]:2379", NULL, "dns:///[::1]:2379"},
		{"unix:///tmp/s", NULL, "unix:/tmp/s"},
		{"unix://localhost:2379", NULL, "unix:localhost:2379"},
		{"", "missing port in address", NULL},
		{"h", "missing port in address", NULL},
		{"http://h", "missing port in address", NULL},
		{"::1:2379", "missing port in address", NULL},
		{"[::1]", "missing port in address", NULL},
		{"[::1", "missing port in address", NULL},
		{"h:", "invalid port", NULL},
		{"h:p", "invalid port", NULL},
		{"h:-1", "invalid port", NULL},
		{"h:65536", "invalid port", NULL},
		{"h:1x", "invalid port", NULL},
		{"h:99999999999999999999999", "invalid port", NULL},
		{":1", "missing host in address", NULL},
		{"unix://", "missing path", NULL},
		{"ftp://h:1", "unknown scheme", NULL},
	};
	struct pool p;

	pool_init(&p);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *target;

		EXPECT_STR_EQ(rows[i].bad, endpoint_target(&p, rows[i].endpoint, &target));
		EXPECT_STR_EQ(rows[i].target, target);
	}
	EXPECT(endpoint_is_secure("https://h:1"));
	EXPECT(!endpoint_is_secure("http://h:1"));
	pool_free(&p);
}
