/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading records, and telling a torn write from damage.
 *
 * A crash may leave the last write on disk in part: any of its sectors may be
 * missing, which shows as zeros, because the segment was zeros before. Such a
 * tail was never acknowledged and may go. Everything else that does not add up
 * is damage to something that was acknowledged, and is refused. Torn is only
 *   - a record of the last segment that the file ends in, or
 *   - one that fails its CRC and of which a whole sector is zeros (this far
 *     etcd's rule), or whose end is zeros as is all behind it (cut off inside
 *     a sector; at least two bytes, since one could be a flipped bit);
 * and in each case the head of the record, as far as it is there, has to agree
 * with its length field.
 */
#include "server/wal/wal_internal.h"

#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/wal/crc32c.h"

enum {
	READ_BYTES = 1 << 20,
};

static const struct wal_segment *segment(const struct wal_decoder *d)
{
	return &d->segs->v[d->cur];
}

static bool in_last_segment(const struct wal_decoder *d)
{
	return d->cur + 1 == d->segs->n;
}

static enum wal_error enter_segment(struct wal_decoder *d, size_t i, struct wal_fault *fault)
{
	struct stat st;

	d->cur = i;
	d->offset = 0;
	d->buf_off = 0;
	xbuf_clear(&d->buf);
	if (fstat(segment(d)->fd, &st))
		return wal_fault_errno(fault, segment(d)->path, "cannot stat");
	d->size = (uint64_t)st.st_size;
	return WAL_OK;
}

enum wal_error wal_decoder_init(
	struct wal_decoder *d, const struct wal_segments *segs, struct wal_fault *fault)
{
	*d = (struct wal_decoder){.segs = segs};
	return enter_segment(d, 0, fault);
}

void wal_decoder_free(struct wal_decoder *d)
{
	xbuf_free(&d->buf);
	free(d->torn);
	d->torn = NULL;
}

/* Makes len bytes of the file at off available, fewer only at its end.
 * Returns: NULL on an error. */
static const unsigned char *peek(
	struct wal_decoder *d, uint64_t off, size_t len, size_t *avail, struct wal_fault *fault)
{
	size_t skip, want;

	if (off < d->size && len > d->size - off)
		len = (size_t)(d->size - off);
	if (off >= d->size)
		len = 0;
	if (off < d->buf_off || off + len > d->buf_off + d->buf.len) {
		/* Keep what is there of it and read on, a good piece at once. */
		if (off >= d->buf_off && off < d->buf_off + d->buf.len) {
			skip = (size_t)(off - d->buf_off);
			d->buf.len -= skip;
			memmove(d->buf.data, d->buf.data + skip, d->buf.len);
		} else {
			xbuf_clear(&d->buf);
		}
		d->buf_off = off;
		while (d->buf.len < len) {
			ssize_t n;

			want = len - d->buf.len > READ_BYTES ? len - d->buf.len : READ_BYTES;
			xbuf_reserve(&d->buf, want);
			n = pread(segment(d)->fd, d->buf.data + d->buf.len, want,
				(off_t)(off + d->buf.len));
			if (n < 0 && errno == EINTR)
				continue;
			if (n < 0) {
				wal_fault_errno(fault, segment(d)->path, "cannot read");
				return NULL;
			}
			if (n == 0) { /* shorter than it was a moment ago */
				len = d->buf.len;
				break;
			}
			d->buf.len += (size_t)n;
		}
	}
	xbuf_reserve(&d->buf, 0);
	*avail = len;
	return (const unsigned char *)d->buf.data + (off - d->buf_off);
}

static bool all_zero(const unsigned char *p, size_t len)
{
	return len == 0 || (p[0] == 0 && memcmp(p, p + 1, len - 1) == 0);
}

/* Whether the file is all zeros from off on. Preallocated space that was never
 * written is a hole for lseek, so this is quick. Returns: -1 on an error. */
static int zero_from(struct wal_decoder *d, uint64_t off, struct wal_fault *fault)
{
	static const size_t piece = 1 << 16;
	unsigned char *buf = xmalloc(piece);
	int zero = 1;

	while (zero == 1 && off < d->size) {
		off_t data = lseek(segment(d)->fd, (off_t)off, SEEK_DATA);
		ssize_t n;

		if (data < 0 && errno == ENXIO)
			break;
		if (data > (off_t)off)
			off = (uint64_t)data;
		n = pread(segment(d)->fd, buf, piece, (off_t)off);
		if (n < 0) {
			wal_fault_errno(fault, segment(d)->path, "cannot read");
			zero = -1;
		} else if (n == 0) {
			break;
		} else {
			zero = all_zero(buf, (size_t)n);
			off += (uint64_t)n;
		}
	}
	free(buf);
	return zero;
}

static enum wal_decode corrupt(
	const struct wal_decoder *d, struct wal_fault *fault, const char *what)
{
	wal_decoder_corrupt(d, fault, what);
	return WAL_DECODE_FAULT;
}

enum wal_error wal_decoder_corrupt(
	const struct wal_decoder *d, struct wal_fault *fault, const char *what)
{
	return wal_fault_set(fault, WAL_ERR_CORRUPT,
		"wal: %s is corrupt at offset %" PRIu64 ": %s; " WAL_CORRUPT_ADVICE,
		segment(d)->path, d->offset, what);
}

static enum wal_decode torn(struct wal_decoder *d, struct wal_fault *fault, const char *what)
{
	if (d->offset == 0)
		return corrupt(d, fault, "the segment has no head");
	free(d->torn);
	d->torn = xstrdup(what);
	return WAL_DECODE_TORN;
}

/* The record at d->offset, p[0..len), does not add up. Was it cut short? */
static enum wal_decode judge(struct wal_decoder *d, const unsigned char *p, size_t len, size_t pad,
	const char *what, struct wal_fault *fault)
{
	uint64_t off = d->offset + WAL_LENGTH_BYTES;
	size_t tail = len - pad;

	if (!in_last_segment(d) || !wal_record_plausible(p, len, len - pad))
		return corrupt(d, fault, what);

	for (size_t at = 0; at < len;) {
		size_t chunk = WAL_SECTOR_BYTES - (off + at) % WAL_SECTOR_BYTES;

		if (chunk > len - at)
			chunk = len - at;
		if (all_zero(p + at, chunk))
			return torn(d, fault, "a sector of the last write is missing");
		at += chunk;
	}

	while (tail > 0 && p[tail - 1] == 0)
		tail--;
	if (len - pad - tail >= 2) {
		int zero = zero_from(d, off + len, fault);

		if (zero < 0)
			return WAL_DECODE_FAULT;
		if (zero)
			return torn(d, fault, "the end of the last write is missing");
	}
	return corrupt(d, fault, what);
}

/* The segment's records end at d->offset, by a length of zero. */
static enum wal_decode end_of_segment(struct wal_decoder *d, struct wal_fault *fault)
{
	size_t len = WAL_SECTOR_BYTES - d->offset % WAL_SECTOR_BYTES, avail;
	const unsigned char *p;
	int zero;

	if (d->offset == 0)
		return corrupt(d, fault, "the segment has no head");
	p = peek(d, d->offset, len, &avail, fault);
	if (!p)
		return WAL_DECODE_FAULT;
	/* Sectors are written whole: zeros before data in one is damage. */
	if (!all_zero(p, avail))
		return corrupt(d, fault, "a length field was wiped out");
	zero = zero_from(d, d->offset + avail, fault);
	if (zero < 0)
		return WAL_DECODE_FAULT;
	if (zero)
		return WAL_DECODE_END;
	if (!in_last_segment(d))
		return corrupt(d, fault, "a sector was wiped out");
	return torn(d, fault, "the first sector of the last write is missing");
}

/* Checks rec against the chain; p[0..len) are its bytes, padding included. */
static enum wal_decode check_crc(struct wal_decoder *d, const struct wal_record *rec,
	const unsigned char *p, size_t len, size_t pad, struct wal_fault *fault)
{
	uint32_t crc;

	if (rec->type == WAL_RECORD_CRC) {
		/* The first one is where the chain begins for us. */
		if (d->started && rec->crc != d->crc)
			return judge(d, p, len, pad,
				"the CRC does not continue that of the "
				"records before",
				fault);
		d->started = true;
		d->crc = rec->crc;
		return WAL_DECODE_RECORD;
	}
	if (!d->started)
		return corrupt(d, fault, "the segment does not begin with a CRC record");
	crc = crc32c(d->crc, rec->data, rec->len);
	if (crc != rec->crc)
		return judge(d, p, len, pad, "CRC mismatch", fault);
	d->crc = crc;
	return WAL_DECODE_RECORD;
}

enum wal_decode wal_decoder_next(
	struct wal_decoder *d, struct wal_record *rec, struct wal_fault *fault)
{
	const unsigned char *p;
	uint64_t field = 0, len;
	enum wal_decode result;
	size_t avail;
	unsigned pad;

	for (;;) {
		p = peek(d, d->offset, WAL_LENGTH_BYTES, &avail, fault);
		if (!p)
			return WAL_DECODE_FAULT;
		memcpy(&field, p, avail < sizeof(field) ? avail : sizeof(field));
		if (avail == sizeof(field) && field)
			break;
		if (avail != 0 && avail < sizeof(field)) {
			if (!in_last_segment(d))
				return corrupt(d, fault, "the file ends inside a length field");
			return torn(d, fault, "the file ends inside a length field");
		}
		result = end_of_segment(d, fault);
		if (result != WAL_DECODE_END || in_last_segment(d))
			return result;
		if (enter_segment(d, d->cur + 1, fault))
			return WAL_DECODE_FAULT;
	}

	/* Lengths are 8-byte aligned, so never torn themselves. */
	if (!wal_frame_parse(le64toh(field), &len, &pad))
		return corrupt(d, fault, "malformed length field");
	if (len >= WAL_MAX_RECORD_BYTES - pad)
		return corrupt(d, fault, "impossible record length");
	p = peek(d, d->offset + WAL_LENGTH_BYTES, (size_t)len + pad, &avail, fault);
	if (!p)
		return WAL_DECODE_FAULT;
	if (avail < len + pad) {
		if (!in_last_segment(d) || !wal_record_plausible(p, avail, len))
			return corrupt(d, fault, "a record reaches behind the end of the file");
		return torn(d, fault, "the file ends inside a record");
	}
	if (!wal_record_parse(p, (size_t)len, rec))
		return judge(d, p, (size_t)len + pad, pad, "malformed record", fault);
	if (!all_zero(p + len, pad))
		return corrupt(d, fault, "the padding is not zero");
	result = check_crc(d, rec, p, (size_t)len + pad, pad, fault);
	if (result == WAL_DECODE_RECORD)
		d->offset += WAL_LENGTH_BYTES + len + pad;
	return result;
}
