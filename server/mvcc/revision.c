/* SPDX-License-Identifier: Apache-2.0 */
#include "server/mvcc/revision.h"

#include <endian.h>
#include <string.h>

size_t revision_encode(
	struct revision rev, bool tombstone, unsigned char out[REVISION_MARKED_BYTES])
{
	uint64_t main = htobe64((uint64_t)rev.main), sub = htobe64((uint64_t)rev.sub);

	memcpy(out, &main, 8);
	out[8] = '_';
	memcpy(out + 9, &sub, 8);
	out[REVISION_BYTES] = 't';
	return tombstone ? REVISION_MARKED_BYTES : REVISION_BYTES;
}

bool revision_decode(const void *bytes, size_t len, struct revision *rev, bool *tombstone)
{
	const unsigned char *p = bytes;
	uint64_t main, sub;

	if (len != REVISION_BYTES && len != REVISION_MARKED_BYTES)
		return false;
	if (p[8] != '_' || (len == REVISION_MARKED_BYTES && p[REVISION_BYTES] != 't'))
		return false;
	memcpy(&main, p, 8);
	memcpy(&sub, p + 9, 8);
	rev->main = (int64_t)be64toh(main);
	rev->sub = (int64_t)be64toh(sub);
	*tombstone = len == REVISION_MARKED_BYTES;
	return rev->main >= 0 && rev->sub >= 0;
}
