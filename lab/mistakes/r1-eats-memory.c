/* step: r1
 * wrong: allocates without end
 * met: an array that grows in a loop without an end
 * verdict: fail
 * ends: memory
 */
char *all = NULL;
size_t size = 1 << 20;

while ((all = realloc(all, size)))
	memset(all + size - (1 << 20), 1, 1 << 20), size += 1 << 20;
all[0] = 0;
