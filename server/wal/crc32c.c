/* SPDX-License-Identifier: Apache-2.0 */
#include "server/wal/crc32c.h"

#include <isa-l/crc.h>
#include <limits.h>

uint32_t crc32c(uint32_t crc, const void *data, size_t len)
{
	/* ISA-L takes a pointer to bytes that it only reads, counts them in an int,
	 * and leaves it to us to invert the register before and after. */
	unsigned char *p = (unsigned char *)(uintptr_t)data;

	crc = ~crc;
	for (size_t n; len > 0; p += n, len -= n) {
		n = len < INT_MAX ? len : INT_MAX;
		crc = crc32_iscsi(p, (int)n, crc);
	}
	return ~crc;
}
