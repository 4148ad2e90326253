/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_WAL_RECORD_H
#define SERVER_WAL_RECORD_H

/*
 * One record of the WAL, as bytes:
 *
 *     8 bytes   length field, little-endian: the record's length in the low
 *               56 bits; if it is padded, 0x80 | padding in the top byte
 *     n bytes   walpb.Record { 1: type, 2: crc, 3: data }
 *     0-7 zero bytes, so that the next length field is 8-byte aligned and
 *               never torn
 *
 * crc is the CRC-32C of the data of all records so far, this one included; a
 * record of type crc has no data and repeats the chain's value at the head of
 * a segment.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/util.h"
#include "server/wal/wal.h"

enum wal_record_type {
	WAL_RECORD_METADATA = 1,
	WAL_RECORD_ENTRY = 2,
	WAL_RECORD_STATE = 3,
	WAL_RECORD_CRC = 4,
	WAL_RECORD_SNAPSHOT = 5,
};

enum {
	WAL_LENGTH_BYTES = 8,
	/* What one disk write never tears. */
	WAL_SECTOR_BYTES = 512,
	/* etcd's readers refuse records from here on. */
	WAL_MAX_RECORD_BYTES = 10 * 1024 * 1024,
	/* The largest entry whose record stays below that, with room for the
	 * fields around the payload. */
	WAL_MAX_ENTRY_DATA = WAL_MAX_RECORD_BYTES - 128,
};

/* A record as read; data is a view into the reader's buffer. */
struct wal_record {
	int64_t type;
	uint32_t crc;
	const unsigned char *data;
	size_t len;
};

/* wal_frame_length makes the length field for a record of len bytes. */
uint64_t wal_frame_length(uint64_t len);

/* wal_frame_parse takes a length field apart. Returns: false if no writer
 * makes such a one. */
bool wal_frame_parse(uint64_t field, uint64_t *len, unsigned *pad);

/* wal_record_parse reads a walpb.Record. Returns: false if it is malformed. */
bool wal_record_parse(const unsigned char *p, size_t len, struct wal_record *rec);

/* wal_record_plausible tells whether what begins at p (avail bytes of it) can
 * be the record of len bytes that its length field promises, as far as its
 * head has been written: the fields inside have to add up to len. A torn
 * record passes, one with a damaged length field does not. */
bool wal_record_plausible(const unsigned char *p, size_t avail, uint64_t len);

/* wal_encode_* append one record to out and move the chain *crc on. */
void wal_encode_crc(struct xbuf *out, uint32_t crc);
void wal_encode_metadata(struct xbuf *out, uint32_t *crc, const struct wal_metadata *md);
void wal_encode_entry(struct xbuf *out, uint32_t *crc, const struct raft_entry *e);
void wal_encode_state(struct xbuf *out, uint32_t *crc, const struct raft_hard_state *hs);
void wal_encode_snapshot(struct xbuf *out, uint32_t *crc, struct wal_snapshot snap);

/* wal_decode_* read the data of a record. The CRC vouches for the data but not
 * for the type, so they are strict: what cannot be such a message, or such an
 * entry or state, is refused.
 *
 * Returns:   false if it is malformed.
 * Ownership: the payload of *e is a copy, one reference, the caller's. */
bool wal_decode_metadata(const struct wal_record *rec, struct wal_metadata *md);
bool wal_decode_entry(const struct wal_record *rec, struct raft_entry *e);
bool wal_decode_state(const struct wal_record *rec, struct raft_hard_state *hs);
bool wal_decode_snapshot(const struct wal_record *rec, struct wal_snapshot *snap);

#endif
