/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever is typed into txn: a request, or a complaint. */
#include "client/testing.h"
#include "client/txn_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Etcdserverpb__RequestOp *op;
	Etcdserverpb__Compare *c;
	struct fake f;
	char *line;

	fake_open(&f);
	line = pool_strndup(&f.pool, (const char *)data, size);
	txn_line_compare(&f.ctl, line, &c);
	txn_line_request(&f.ctl, line, &op);
	fake_close(&f);
	return 0;
}
