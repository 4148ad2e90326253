/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as the JSON of a request. What is understood must come out the same
 * when it is written and read again. The first byte chooses the method. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "server/http/json_pb.h"
#include "server/v3rpc/service.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool decode(const struct rpc_method *m, const char *json, size_t len, struct arena *a,
	struct json_text *out)
{
	ProtobufCMessage *msg;
	char error[256];

	if (!json_pb_decode(m->request, json, len, a, &msg, error, sizeof error)) {
		if (!memchr(error, 0, sizeof error) || !*error)
			abort();
		return false;
	}
	json_pb_encode(msg, out);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct json_text first = {0}, second = {0};

	if (size == 0)
		return 0;
	const struct rpc_method *m = &rpc_methods[data[0] % rpc_methods_len];
	arena_init(&a);
	if (decode(m, (const char *)data + 1, size - 1, &a, &first)) {
		if (!decode(m, first.data, first.len, &a, &second) || first.len != second.len ||
			memcmp(first.data, second.data, first.len) != 0)
			abort();
	}
	json_text_free(&first);
	json_text_free(&second);
	arena_free(&a);
	return 0;
}
