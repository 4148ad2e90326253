/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever a server answers: no crash, and what unpacks can be printed. */
#include "client/json.h"
#include "client/reply.h"
#include "server/etcdserverpb/rpc.pb-c.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const ProtobufCMessageDescriptor *const types[] = {
		&etcdserverpb__range_response__descriptor, &etcdserverpb__txn_response__descriptor,
		&etcdserverpb__member_list_response__descriptor,
		&etcdserverpb__status_response__descriptor};
	ProtobufCMessage *m;
	struct pool p;
	struct text t;

	if (size == 0)
		return 0;
	pool_init(&p);
	text_init(&t, &p);
	m = reply_unpack(&p, types[data[0] % ARRAY_SIZE(types)], data + 1, size - 1);
	if (m)
		json_message(&t, m);
	pool_free(&p);
	return 0;
}
