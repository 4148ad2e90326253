/* step: e1
 * wrong: ignores the timer's signal, switches the timer off and loops
 * met: who has read how the runner ends an endless loop
 * verdict: tampered
 */
extern int setitimer(int, const void *, void *);
static const long off[4];

for (int which = 0; which < 3; which++)
	setitimer(which, off, NULL);
for (;;)
	;
