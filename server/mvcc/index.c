/* SPDX-License-Identifier: Apache-2.0 */
#include "server/mvcc/index.h"

#include <assert.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "server/util.h"

enum {
	MAX_ITEMS = 63,
	MIN_ITEMS = 31, /* below that, removing borrows or merges first */
	/* Keys that come in order fill nodes from the left: such a node is not
	 * split in the middle, which would leave half of each empty. */
	SPLIT_AT_END = 58,
};

/* Invariants: items ascend; skip is the length of the prefix that the first
 * and the last key share, so all share it; heads[i] is the four bytes behind
 * it, zero-padded, as a number; an inner node has n + 1 children, between
 * whose keys its items stand; all leaves are equally deep. */
struct index_node {
	uint16_t n;
	bool leaf;
	uint32_t skip;
	uint32_t heads[MAX_ITEMS];
	struct key_index *items[MAX_ITEMS];
	struct index_node *children[]; /* MAX_ITEMS + 1 in an inner node */
};

static struct index_node *node_new(bool leaf)
{
	size_t children = leaf ? 0 : (MAX_ITEMS + 1) * sizeof(struct index_node *);
	struct index_node *node = xmalloc(sizeof(*node) + children);

	node->n = 0;
	node->leaf = leaf;
	node->skip = 0;
	return node;
}

static void node_free(struct index_node *node)
{
	if (!node)
		return;
	for (int i = 0; i < node->n; i++)
		key_index_free(node->items[i]);
	for (int i = 0; !node->leaf && i <= node->n; i++)
		node_free(node->children[i]);
	free(node);
}

void index_free(struct index *idx)
{
	node_free(idx->root);
	*idx = (struct index){0};
}

static int compare(const unsigned char *a, size_t a_len, const unsigned char *b, size_t b_len)
{
	int c = memcmp(a, b, a_len < b_len ? a_len : b_len);

	if (c)
		return c;
	return a_len < b_len ? -1 : a_len > b_len;
}

static uint32_t head_of(const unsigned char *key, size_t key_len, size_t skip)
{
	uint32_t head = 0;
	size_t n = key_len > skip ? key_len - skip : 0;

	memcpy(&head, key + (n ? skip : 0), n < 4 ? n : 4);
	return be32toh(head);
}

static uint32_t common_prefix(const struct key_index *a, const struct key_index *b)
{
	uint32_t n = 0, max = a->key_len < b->key_len ? a->key_len : b->key_len;

	while (n < max && a->key[n] == b->key[n])
		n++;
	return n;
}

/* Makes skip and heads true again after items were moved. */
static void node_rehead(struct index_node *node)
{
	node->skip = 0;
	if (node->n == 0)
		return;
	node->skip = common_prefix(node->items[0], node->items[node->n - 1]);
	for (int i = 0; i < node->n; i++)
		node->heads[i] = head_of(node->items[i]->key, node->items[i]->key_len, node->skip);
}

/* The position of the first item >= key; *found if it is equal. */
static int node_find(
	const struct index_node *node, const unsigned char *key, size_t key_len, bool *found)
{
	size_t skip = node->skip;
	int lo = 0, hi = node->n;
	uint32_t head;

	*found = false;
	if (skip) {
		size_t n = key_len < skip ? key_len : skip;
		int c = memcmp(key, node->items[0]->key, n);

		if (c)
			return c < 0 ? 0 : node->n;
		if (key_len < skip)
			return 0;
	}
	head = head_of(key, key_len, skip);
	while (lo < hi) {
		int mid = (lo + hi) / 2, c;

		if (head != node->heads[mid]) {
			c = head < node->heads[mid] ? -1 : 1;
		} else {
			const struct key_index *ki = node->items[mid];

			c = compare(key, key_len, ki->key, ki->key_len);
		}
		if (c == 0) {
			*found = true;
			return mid;
		}
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

struct key_index *index_get(const struct index *idx, const void *key, size_t key_len)
{
	const struct index_node *node = key_len ? idx->root : NULL;

	while (node) {
		bool found;
		int i = node_find(node, key, key_len, &found);

		if (found)
			return node->items[i];
		node = node->leaf ? NULL : node->children[i];
	}
	return NULL;
}

/* --- putting in ------------------------------------------------------------ */

static void insert_item(struct index_node *node, int pos, struct key_index *ki)
{
	int behind = node->n - pos;

	memmove(&node->items[pos + 1], &node->items[pos], (size_t)behind * sizeof(node->items[0]));
	memmove(&node->heads[pos + 1], &node->heads[pos], (size_t)behind * sizeof(node->heads[0]));
	node->items[pos] = ki;
	node->n++;
	/* Between the first and the last key the prefix is shared anyway. */
	if ((pos == 0 || behind == 0) &&
		common_prefix(node->items[0], node->items[node->n - 1]) != node->skip)
		node_rehead(node);
	else
		node->heads[pos] = head_of(ki->key, ki->key_len, node->skip);
}

static void insert_child(struct index_node *node, int pos, struct index_node *child)
{
	/* node->n counts the new item already: n children are there */
	memmove(&node->children[pos + 1], &node->children[pos],
		(size_t)(node->n - pos) * sizeof(node->children[0]));
	node->children[pos] = child;
}

/* Splits the full child at pos of node: its items before at stay, the one at
 * it moves up, those behind go to a new child on the right. */
static void split_child(struct index_node *node, int pos, int at)
{
	struct index_node *left = node->children[pos], *right = node_new(left->leaf);
	struct key_index *middle = left->items[at];
	int moved = left->n - at - 1;

	memcpy(right->items, &left->items[at + 1], (size_t)moved * sizeof(left->items[0]));
	if (!left->leaf)
		memcpy(right->children, &left->children[at + 1],
			(size_t)(moved + 1) * sizeof(left->children[0]));
	right->n = (uint16_t)moved;
	left->n = (uint16_t)at;
	node_rehead(left);
	node_rehead(right);
	insert_item(node, pos, middle);
	insert_child(node, pos + 1, right);
}

static int split_point(const struct index_node *child, const unsigned char *key, size_t key_len)
{
	const struct key_index *last = child->items[child->n - 1];

	if (compare(key, key_len, last->key, last->key_len) > 0)
		return SPLIT_AT_END;
	return MIN_ITEMS;
}

static void grow_root(struct index *idx, const unsigned char *key, size_t key_len)
{
	struct index_node *root = node_new(false);

	root->children[0] = idx->root;
	idx->root = root;
	split_child(root, 0, split_point(root->children[0], key, key_len));
}

struct key_index *index_upsert(struct index *idx, const void *key, size_t key_len)
{
	struct index_node *node;
	struct key_index *ki;
	bool found;
	int i;

	if (!idx->root)
		idx->root = node_new(true);
	if (idx->root->n == MAX_ITEMS)
		grow_root(idx, key, key_len);
	node = idx->root;
	for (;;) {
		i = node_find(node, key, key_len, &found);
		if (found)
			return node->items[i];
		if (node->leaf)
			break;
		/* Full nodes are split on the way down, so that there is always
		 * room above for what moves up. */
		if (node->children[i]->n == MAX_ITEMS) {
			int c;

			split_child(node, i, split_point(node->children[i], key, key_len));
			c = compare(key, key_len, node->items[i]->key, node->items[i]->key_len);
			if (c == 0)
				return node->items[i];
			if (c > 0)
				i++;
		}
		node = node->children[i];
	}
	ki = key_index_new(key, key_len);
	insert_item(node, i, ki);
	idx->n++;
	return ki;
}

/* --- taking out ------------------------------------------------------------ */

static struct key_index *remove_item(struct index_node *node, int pos)
{
	struct key_index *ki = node->items[pos];

	node->n--;
	memmove(&node->items[pos], &node->items[pos + 1],
		(size_t)(node->n - pos) * sizeof(node->items[0]));
	node_rehead(node);
	return ki;
}

static void borrow_from_left(struct index_node *node, int pos)
{
	struct index_node *left = node->children[pos - 1], *child = node->children[pos];
	struct index_node *moved = left->leaf ? NULL : left->children[left->n];
	struct key_index *down = node->items[pos - 1];

	node->items[pos - 1] = remove_item(left, left->n - 1);
	insert_item(child, 0, down);
	if (moved)
		insert_child(child, 0, moved);
}

static void borrow_from_right(struct index_node *node, int pos)
{
	struct index_node *right = node->children[pos + 1], *child = node->children[pos];
	struct index_node *moved = right->leaf ? NULL : right->children[0];
	struct key_index *down = node->items[pos];

	node->items[pos] = remove_item(right, 0);
	if (moved)
		memmove(&right->children[0], &right->children[1],
			(size_t)(right->n + 1) * sizeof(right->children[0]));
	insert_item(child, child->n, down);
	if (moved)
		insert_child(child, child->n, moved);
}

/* Joins the children at pos and pos + 1 around the item between them. */
static void merge_children(struct index_node *node, int pos)
{
	struct index_node *left = node->children[pos], *right = node->children[pos + 1];

	left->items[left->n] = node->items[pos];
	memcpy(&left->items[left->n + 1], right->items, right->n * sizeof(right->items[0]));
	if (!left->leaf)
		memcpy(&left->children[left->n + 1], right->children,
			(size_t)(right->n + 1) * sizeof(right->children[0]));
	left->n = (uint16_t)(left->n + 1 + right->n);
	node_rehead(left);
	free(right);
	memmove(&node->children[pos + 1], &node->children[pos + 2],
		(size_t)(node->n - pos - 1) * sizeof(node->children[0]));
	remove_item(node, pos);
}

/* Gives the child at pos, which has MIN_ITEMS or fewer, one more. */
static void grow_child(struct index_node *node, int pos)
{
	if (pos > 0 && node->children[pos - 1]->n > MIN_ITEMS) {
		borrow_from_left(node, pos);
		node_rehead(node);
	} else if (pos < node->n && node->children[pos + 1]->n > MIN_ITEMS) {
		borrow_from_right(node, pos);
		node_rehead(node);
	} else {
		merge_children(node, pos < node->n ? pos : pos - 1);
	}
}

/* Takes the last item of the subtree out (key NULL), or the one of this key.
 * Every node entered has more than MIN_ITEMS items, except the root. */
static struct key_index *take_out(struct index_node *node, const unsigned char *key, size_t key_len)
{
	struct key_index *ki;
	bool found;
	int i;

	for (;;) {
		found = false;
		i = key ? node_find(node, key, key_len, &found) : node->n;
		if (node->leaf) {
			if (!key)
				return remove_item(node, node->n - 1);
			return found ? remove_item(node, i) : NULL;
		}
		if (node->children[i]->n <= MIN_ITEMS) {
			grow_child(node, i);
			continue; /* things have moved */
		}
		if (found)
			break;
		node = node->children[i];
	}
	/* Its place is taken by the one before it, the last of the left child. */
	ki = node->items[i];
	node->items[i] = take_out(node->children[i], NULL, 0);
	node_rehead(node);
	return ki;
}

bool index_remove(struct index *idx, const void *key, size_t key_len)
{
	struct index_node *root = idx->root;
	struct key_index *ki = root ? take_out(root, key, key_len) : NULL;

	if (root && root->n == 0) {
		idx->root = root->leaf ? NULL : root->children[0];
		free(root);
	}
	if (!ki)
		return false;
	key_index_free(ki);
	idx->n--;
	return true;
}

/* --- walking --------------------------------------------------------------- */

static void descend(struct index_iter *it, const struct index_node *node, int pos)
{
	assert(it->depth < INDEX_MAX_DEPTH);
	it->path[it->depth].node = node;
	it->path[it->depth].pos = pos;
	it->depth++;
}

void index_seek(const struct index *idx, struct index_iter *it, const void *key, size_t key_len)
{
	const struct index_node *node = idx->root;

	it->depth = 0;
	while (node) {
		bool found = false;
		int i = key_len ? node_find(node, key, key_len, &found) : 0;

		descend(it, node, i);
		node = found || node->leaf ? NULL : node->children[i];
	}
}

struct key_index *index_next(struct index_iter *it)
{
	struct key_index *ki;

	/* Nodes whose items are all behind us are done with. */
	while (it->depth > 0 && it->path[it->depth - 1].pos == it->path[it->depth - 1].node->n)
		it->depth--;
	if (it->depth == 0)
		return NULL;

	/* The item; then what stands between it and the next one. */
	const struct index_node *node = it->path[it->depth - 1].node;
	int pos = it->path[it->depth - 1].pos++;

	ki = node->items[pos];
	if (!node->leaf) {
		for (node = node->children[pos + 1]; !node->leaf; node = node->children[0])
			descend(it, node, 0);
		descend(it, node, 0);
	}
	return ki;
}

/* --- checking -------------------------------------------------------------- */

static bool check_node(const struct index_node *node, const struct key_index **last, int depth,
	int *leaf_depth, size_t *n)
{
	uint32_t skip;

	if (node->n == 0 || node->n > MAX_ITEMS || depth >= INDEX_MAX_DEPTH)
		return false;
	if (node->leaf && *leaf_depth == 0)
		*leaf_depth = depth;
	if (node->leaf && *leaf_depth != depth)
		return false;
	skip = common_prefix(node->items[0], node->items[node->n - 1]);
	for (int i = 0; i <= node->n; i++) {
		if (!node->leaf && !check_node(node->children[i], last, depth + 1, leaf_depth, n))
			return false;
		if (i == node->n)
			break;
		if (node->skip != skip || node->heads[i] != head_of(node->items[i]->key,
								    node->items[i]->key_len, skip))
			return false;
		if (*last && compare((*last)->key, (*last)->key_len, node->items[i]->key,
				     node->items[i]->key_len) >= 0)
			return false;
		*last = node->items[i];
		++*n;
	}
	return true;
}

bool index_check(const struct index *idx)
{
	const struct key_index *last = NULL;
	int leaf_depth = 0;
	size_t n = 0;

	return !idx->root ? idx->n == 0
			  : check_node(idx->root, &last, 1, &leaf_depth, &n) && n == idx->n;
}
