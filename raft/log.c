/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log as the algorithm sees it: what is in Storage, followed by what is
 * unstable, with the marks committed, applying and applied. The original: log.go.
 */
#include "raft/raft_internal.h"

/* ---- Storage, where any error but the expected ones is the end ---------- */

static _Noreturn void storage_failed(const struct raft_log *l, enum raft_error err)
{
	raft_panicf(l->logger, "%s", raft_strerror(err));
}

static inline raft_index storage_first_index(const struct raft_log *l)
{
	raft_index index;
	enum raft_error err = l->storage->ops->first_index(l->storage, &index);
	if (err)
		storage_failed(l, err);
	return index;
}

static inline raft_index storage_last_index(const struct raft_log *l)
{
	raft_index index;
	enum raft_error err = l->storage->ops->last_index(l->storage, &index);
	if (err)
		storage_failed(l, err);
	return index;
}

void raft_log_init(struct raft_log *l, struct raft_storage *storage, struct raft_logger *logger,
	uint64_t max_applying_ents_size)
{
	*l = (struct raft_log){
		.storage = storage,
		.logger = logger,
		.max_applying_ents_size = max_applying_ents_size,
	};
	raft_index first = storage_first_index(l);
	raft_index last = storage_last_index(l);

	l->unstable.offset = last + 1;
	l->unstable.offset_in_progress = last + 1;
	l->unstable.logger = logger;

	/* What was compacted away had been committed and applied. */
	l->committed = first - 1;
	l->applying = first - 1;
	l->applied = first - 1;
}

void raft_log_free(struct raft_log *l)
{
	unstable_free(&l->unstable);
}

void raft_log_string(const struct raft_log *l, struct strbuf *b)
{
	strbuf_printf(b,
		"committed=%llu, applied=%llu, applying=%llu, unstable.offset=%llu, "
		"unstable.offsetInProgress=%llu, len(unstable.Entries)=%u",
		l->committed, l->applied, l->applying, l->unstable.offset,
		l->unstable.offset_in_progress, l->unstable.entries.len);
}

/* ---- Appending ---------------------------------------------------------- */

bool raft_log_maybe_append(
	struct raft_log *l, const struct log_slice *a, raft_index committed, raft_index *lastnewi)
{
	/* The consistency check of AppendEntries (paper section 5.3). */
	if (!raft_log_match_term(l, a->prev))
		return false;

	*lastnewi = log_slice_last_index(a);
	raft_index conflict = raft_log_find_conflict(l, a->entries, a->len);
	if (conflict != 0) {
		if (conflict <= l->committed)
			raft_panicf(l->logger,
				"entry %llu conflict with committed entry [committed(%llu)]",
				conflict, l->committed);
		size_t skip = conflict - (a->prev.index + 1);
		if (skip > a->len)
			raft_panicf(l->logger, "index, %zu, is out of range [%zu]", skip, a->len);
		raft_log_append(l, a->entries + skip, a->len - skip);
	}

	/* Entries behind the last new one may be another leader's: committing past
	 * it would be wrong even if we have them. */
	raft_log_commit_to(l, RAFT_MIN(committed, *lastnewi));
	return true;
}

raft_index raft_log_append(struct raft_log *l, const struct raft_entry *ents, size_t n)
{
	if (n == 0)
		return raft_log_last_index(l);
	raft_index after = ents[0].index - 1;
	if (after < l->committed)
		raft_panicf(l->logger, "after(%llu) is out of range [committed(%llu)]", after,
			l->committed);
	unstable_truncate_and_append(&l->unstable, ents, n);
	return raft_log_last_index(l);
}

raft_index raft_log_find_conflict(struct raft_log *l, const struct raft_entry *ents, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct entry_id id = raft_entry_id(&ents[i]);
		if (raft_log_match_term(l, id))
			continue;
		if (id.index <= raft_log_last_index(l))
			RAFT_INFOF(l->logger,
				"found conflict at index %llu [existing term: %llu, conflicting "
				"term: %llu]",
				id.index, raft_log_zero_term_on_out_of_bounds(l, id.index),
				id.term);
		return id.index;
	}
	return 0;
}

struct entry_id raft_log_find_conflict_by_term(struct raft_log *l, raft_index index, raft_term term)
{
	for (; index > 0; index--) {
		/* An entry whose term we don't know may match: stop there, and say
		 * so by term 0. */
		raft_term our;
		if (raft_log_term(l, index, &our) != RAFT_OK)
			return (struct entry_id){.index = index, .term = 0};
		if (our <= term)
			return (struct entry_id){.index = index, .term = our};
	}
	return (struct entry_id){0};
}

/* ---- What is to be written ---------------------------------------------- */

size_t raft_log_next_unstable_ents(const struct raft_log *l, const struct raft_entry **ents)
{
	return unstable_next_entries(&l->unstable, ents);
}

bool raft_log_has_next_unstable_ents(const struct raft_log *l)
{
	const struct raft_entry *ents;
	return raft_log_next_unstable_ents(l, &ents) > 0;
}

bool raft_log_has_next_or_in_progress_unstable_ents(const struct raft_log *l)
{
	return l->unstable.entries.len > 0;
}

struct raft_snapshot *raft_log_next_unstable_snapshot(const struct raft_log *l)
{
	return unstable_next_snapshot(&l->unstable);
}

bool raft_log_has_next_unstable_snapshot(const struct raft_log *l)
{
	return unstable_next_snapshot(&l->unstable) != NULL;
}

bool raft_log_has_next_or_in_progress_snapshot(const struct raft_log *l)
{
	return l->unstable.snapshot != NULL;
}

void raft_log_stable_to(struct raft_log *l, struct entry_id id)
{
	unstable_stable_to(&l->unstable, id);
}

void raft_log_stable_snap_to(struct raft_log *l, raft_index i)
{
	unstable_stable_snap_to(&l->unstable, i);
}

void raft_log_accept_unstable(struct raft_log *l)
{
	unstable_accept_in_progress(&l->unstable);
}

/* ---- What is to be applied ---------------------------------------------- */

void raft_log_next_committed_ents(
	struct raft_log *l, bool allow_unstable, struct raft_entries *ents)
{
	if (!raft_log_has_next_committed_ents(l, allow_unstable))
		return;
	if (l->max_applying_ents_size <= l->applying_ents_size)
		raft_panicf(l->logger, "applying entry size (%llu-%llu)=%lld not positive",
			(unsigned long long)l->max_applying_ents_size,
			(unsigned long long)l->applying_ents_size,
			(long long)(l->max_applying_ents_size - l->applying_ents_size));

	raft_index lo = l->applying + 1;
	raft_index hi = raft_log_max_appliable_index(l, allow_unstable) + 1;
	enum raft_error err =
		raft_log_slice(l, lo, hi, l->max_applying_ents_size - l->applying_ents_size, ents);
	if (err)
		raft_panicf(l->logger, "unexpected error when getting unapplied entries (%s)",
			raft_strerror(err));
}

bool raft_log_has_next_committed_ents(const struct raft_log *l, bool allow_unstable)
{
	if (l->applying_ents_paused)
		return false;
	/* A snapshot that waits to be applied goes first. */
	if (raft_log_has_next_or_in_progress_snapshot(l))
		return false;
	return l->applying < raft_log_max_appliable_index(l, allow_unstable);
}

raft_index raft_log_max_appliable_index(const struct raft_log *l, bool allow_unstable)
{
	if (allow_unstable)
		return l->committed;
	return RAFT_MIN(l->committed, l->unstable.offset - 1);
}

void raft_log_accept_applying(struct raft_log *l, raft_index i, uint64_t size, bool allow_unstable)
{
	if (l->committed < i)
		raft_panicf(l->logger,
			"applying(%llu) is out of range [prevApplying(%llu), committed(%llu)]", i,
			l->applying, l->committed);
	l->applying = i;
	l->applying_ents_size += size;
	/* Pause if the limit is reached, or if it must have cut off entries that
	 * could have been applied: then the next one would go past it. */
	l->applying_ents_paused = l->applying_ents_size >= l->max_applying_ents_size ||
				  i < raft_log_max_appliable_index(l, allow_unstable);
}

void raft_log_applied_to(struct raft_log *l, raft_index i, uint64_t size)
{
	if (l->committed < i || i < l->applied)
		raft_panicf(l->logger,
			"applied(%llu) is out of range [prevApplied(%llu), committed(%llu)]", i,
			l->applied, l->committed);
	l->applied = i;
	l->applying = RAFT_MAX(l->applying, i);
	l->applying_ents_size -= RAFT_MIN(l->applying_ents_size, size);
	l->applying_ents_paused = l->applying_ents_size >= l->max_applying_ents_size;
}

/* ---- Where it begins and ends ------------------------------------------- */

raft_index raft_log_first_index(const struct raft_log *l)
{
	raft_index index;
	if (unstable_maybe_first_index(&l->unstable, &index))
		return index;
	return storage_first_index(l);
}

raft_index raft_log_last_index(const struct raft_log *l)
{
	raft_index index;
	if (unstable_maybe_last_index(&l->unstable, &index))
		return index;
	return storage_last_index(l);
}

struct entry_id raft_log_last_entry_id(struct raft_log *l)
{
	struct entry_id id = {.index = raft_log_last_index(l)};
	enum raft_error err = raft_log_term(l, id.index, &id.term);
	if (err)
		raft_panicf(l->logger, "unexpected error when getting the last term at %llu: %s",
			id.index, raft_strerror(err));
	return id;
}

enum raft_error raft_log_term(struct raft_log *l, raft_index i, raft_term *term)
{
	/* Look among the unstable entries before asking Storage where it begins. */
	if (unstable_maybe_term(&l->unstable, i, term))
		return RAFT_OK;
	/* Whatever is not there from offset on, is nowhere: Storage ends before it,
	 * or with entries that are about to be overwritten. */
	if (i >= l->unstable.offset)
		return RAFT_ERR_UNAVAILABLE;
	/* The entry before the first is gone, but its term is known. */
	if (i + 1 < raft_log_first_index(l))
		return RAFT_ERR_COMPACTED;

	enum raft_error err = l->storage->ops->term(l->storage, i, term);
	if (err && err != RAFT_ERR_COMPACTED && err != RAFT_ERR_UNAVAILABLE)
		raft_panicf(l->logger, "%s", raft_strerror(err));
	return err;
}

raft_term raft_log_zero_term_on_out_of_bounds(struct raft_log *l, raft_index i)
{
	raft_term term;
	return raft_log_term(l, i, &term) == RAFT_OK ? term : 0;
}

bool raft_log_match_term(struct raft_log *l, struct entry_id id)
{
	raft_term term;
	return raft_log_term(l, id.index, &term) == RAFT_OK && term == id.term;
}

bool raft_log_is_up_to_date(struct raft_log *l, struct entry_id their)
{
	struct entry_id our = raft_log_last_entry_id(l);
	return their.term > our.term || (their.term == our.term && their.index >= our.index);
}

/* ---- Committing --------------------------------------------------------- */

void raft_log_commit_to(struct raft_log *l, raft_index tocommit)
{
	if (tocommit <= l->committed)
		return;
	if (raft_log_last_index(l) < tocommit)
		raft_panicf(l->logger,
			"tocommit(%llu) is out of range [lastIndex(%llu)]. Was the raft log "
			"corrupted, truncated, or lost?",
			tocommit, raft_log_last_index(l));
	l->committed = tocommit;
}

bool raft_log_maybe_commit(struct raft_log *l, struct entry_id at)
{
	/* A leader commits by counting only entries of its own term (paper section
	 * 5.4.2 and figure 8); those before them come along. */
	if (at.term == 0 || at.index <= l->committed || !raft_log_match_term(l, at))
		return false;
	raft_log_commit_to(l, at.index);
	return true;
}

void raft_log_restore(struct raft_log *l, struct raft_snapshot *snap)
{
	if (l->logger->level <= RAFT_LOG_INFO) {
		struct strbuf b = {0};
		raft_log_string(l, &b);
		RAFT_INFOF(l->logger,
			"log [%s] starts to restore snapshot [index: %llu, term: %llu]", b.s,
			snap->metadata.index, snap->metadata.term);
		strbuf_free(&b);
	}
	l->committed = snap->metadata.index;
	unstable_restore(&l->unstable, snap);
}

/* ---- Reading ------------------------------------------------------------ */

enum raft_error raft_log_snapshot(struct raft_log *l, struct raft_snapshot **snap)
{
	if (l->unstable.snapshot) {
		*snap = raft_snapshot_ref(l->unstable.snapshot);
		return RAFT_OK;
	}
	return l->storage->ops->snapshot(l->storage, snap);
}

static enum raft_error slice_in_bounds(struct raft_log *l, raft_index lo, raft_index hi,
	uint64_t max_size, struct raft_entries *ents);

enum raft_error raft_log_entries(
	struct raft_log *l, raft_index i, uint64_t max_size, struct raft_entries *ents)
{
	raft_index last = raft_log_last_index(l);
	if (i > last)
		return RAFT_OK;
	if (i < raft_log_first_index(l))
		return RAFT_ERR_COMPACTED;
	return slice_in_bounds(l, i, last + 1, max_size, ents);
}

void raft_log_all_entries(struct raft_log *l, struct raft_entries *ents)
{
	enum raft_error err = raft_log_entries(l, raft_log_first_index(l), RAFT_NO_LIMIT, ents);
	if (err)
		raft_panicf(l->logger, "%s", raft_strerror(err));
}

enum raft_error raft_log_scan(struct raft_log *l, raft_index lo, raft_index hi, uint64_t page_size,
	bool (*visit)(void *arg, const struct raft_entry *ents, size_t n), void *arg)
{
	struct raft_entries page = {0};
	enum raft_error err = RAFT_OK;

	while (lo < hi) {
		raft_entries_clear(&page);
		err = raft_log_slice(l, lo, hi, page_size, &page);
		if (err == RAFT_OK && page.len == 0)
			err = RAFT_ERR_UNAVAILABLE;
		if (err || !visit(arg, page.v, page.len))
			break;
		lo += page.len;
	}
	raft_entries_free(&page);
	return err;
}

/* slice_storage appends [lo, hi) from Storage. */
static enum raft_error slice_storage(struct raft_log *l, raft_index lo, raft_index hi,
	uint64_t max_size, struct raft_entries *ents)
{
	enum raft_error err = l->storage->ops->entries(l->storage, lo, hi, max_size, ents);
	if (err == RAFT_ERR_UNAVAILABLE)
		raft_panicf(l->logger, "entries[%llu:%llu) is unavailable from storage", lo, hi);
	if (err && err != RAFT_ERR_COMPACTED)
		raft_panicf(l->logger, "%s", raft_strerror(err));
	return err;
}

enum raft_error raft_log_slice(struct raft_log *l, raft_index lo, raft_index hi, uint64_t max_size,
	struct raft_entries *ents)
{
	enum raft_error err = raft_log_must_check_out_of_bounds(l, lo, hi);
	if (err || lo == hi)
		return err;
	return slice_in_bounds(l, lo, hi, max_size, ents);
}

/* slice_in_bounds is raft_log_slice() for lo < hi that are known to be in the log. */
static enum raft_error slice_in_bounds(struct raft_log *l, raft_index lo, raft_index hi,
	uint64_t max_size, struct raft_entries *ents)
{
	raft_index offset = l->unstable.offset;
	if (lo >= offset) {
		const struct raft_entry *v = unstable_slice(&l->unstable, lo, hi);
		raft_entries_append(ents, v, raft_limit_size(v, hi - lo, max_size));
		return RAFT_OK;
	}

	raft_index cut = RAFT_MIN(hi, offset);
	uint32_t before = ents->len;
	enum raft_error err = slice_storage(l, lo, cut, max_size, ents);
	if (err || hi <= offset)
		return err;

	/* The unstable ones follow only if the limit let all of the stable ones
	 * through, and leaves room. */
	size_t got = ents->len - before;
	if (got < cut - lo)
		return RAFT_OK;
	uint64_t size = raft_ents_size(ents->v + before, got);
	if (size >= max_size)
		return RAFT_OK;
	const struct raft_entry *v = unstable_slice(&l->unstable, offset, hi);
	size_t n = raft_limit_size(v, hi - offset, max_size - size);
	/* raft_limit_size lets one entry through whatever its size; here that one
	 * must fit like the others. */
	if (n == 1 && size + raft_ents_size(v, 1) > max_size)
		return RAFT_OK;
	raft_entries_append(ents, v, n);
	return RAFT_OK;
}

enum raft_error raft_log_must_check_out_of_bounds(
	const struct raft_log *l, raft_index lo, raft_index hi)
{
	if (lo > hi)
		raft_panicf(l->logger, "invalid slice %llu > %llu", lo, hi);
	raft_index first = raft_log_first_index(l);
	if (lo < first)
		return RAFT_ERR_COMPACTED;
	raft_index last = raft_log_last_index(l);
	if (hi > last + 1)
		raft_panicf(l->logger, "slice[%llu,%llu) out of bound [%llu,%llu]", lo, hi, first,
			last);
	return RAFT_OK;
}
