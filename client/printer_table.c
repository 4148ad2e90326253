/* SPDX-License-Identifier: Apache-2.0 */
#include "client/printer.h"

#include "client/table.h"

static void table_out(struct ctl *ctl, const char *const *heading, const char *const *rows,
	size_t n_rows, size_t n)
{
	struct text t;

	text_init(&t, ctl->pool);
	table_print(&t, heading, rows, n_rows, n);
	fputs(t.data, ctl->out);
}

static void table_member_list(struct ctl *ctl, const Etcdserverpb__MemberListResponse *r)
{
	static const char *const heading[PRINTER_MEMBER_COLUMNS] = {
		"ID", "Status", "Name", "Peer Addrs", "Client Addrs", "Is Learner"};
	const char **rows =
		pool_alloc(ctl->pool, r->n_members * PRINTER_MEMBER_COLUMNS * sizeof(*rows));

	for (size_t i = 0; i < r->n_members; i++)
		printer_member_row(ctl->pool, r->members[i], rows + i * PRINTER_MEMBER_COLUMNS);
	table_out(ctl, heading, rows, r->n_members, PRINTER_MEMBER_COLUMNS);
}

static void table_endpoint_health(struct ctl *ctl, const struct endpoint_health *h, size_t n)
{
	static const char *const heading[] = {"endpoint", "health", "took", "error"};
	size_t columns = ARRAY_SIZE(heading);
	const char **rows = pool_alloc(ctl->pool, n * columns * sizeof(*rows));

	for (size_t i = 0; i < n; i++) {
		const char **row = rows + i * columns;

		row[0] = h[i].endpoint;
		row[1] = h[i].health ? "true" : "false";
		row[2] = h[i].took;
		row[3] = h[i].error ? h[i].error : "";
	}
	table_out(ctl, heading, rows, n, columns);
}

static void table_endpoint_status(struct ctl *ctl, const struct endpoint_status *s, size_t n)
{
	static const char *const heading[PRINTER_STATUS_COLUMNS] = {"endpoint", "ID", "version",
		"db size", "is leader", "is learner", "raft term", "raft index",
		"raft applied index", "errors"};
	const char **rows = pool_alloc(ctl->pool, n * PRINTER_STATUS_COLUMNS * sizeof(*rows));

	for (size_t i = 0; i < n; i++)
		printer_status_row(ctl->pool, &s[i], rows + i * PRINTER_STATUS_COLUMNS);
	table_out(ctl, heading, rows, n, PRINTER_STATUS_COLUMNS);
}

const struct printer printer_table = {
	.name = "table",
	.member_list = table_member_list,
	.endpoint_health = table_endpoint_health,
	.endpoint_status = table_endpoint_status,
};
