/* SPDX-License-Identifier: Apache-2.0 */
#include "server/etcdserver/sha1.h"

#include <openssl/sha.h>

uint64_t sha1_first8(const void *data, size_t len)
{
	unsigned char digest[SHA_DIGEST_LENGTH];
	uint64_t first = 0;

	SHA1(data, len, digest);
	for (int i = 0; i < 8; i++)
		first = first << 8 | digest[i];
	return first;
}
