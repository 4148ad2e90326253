/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_WAL_CRC32C_H
#define SERVER_WAL_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* crc32c continues the CRC-32C (Castagnoli polynomial) crc over len more
 * bytes; 0 starts anew, and crc32c(crc32c(0, a), b) is that of a and b joined.
 * This is what Go's crc32.Update computes, hence what etcd's WAL holds. The
 * work is done by ISA-L (zlib's crc32() is another polynomial). */
uint32_t crc32c(uint32_t crc, const void *data, size_t len);

#endif
