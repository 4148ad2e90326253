/* step: e2
 * wrong: a fork bomb
 * met: who would like to see what the grader does
 * verdict: tampered
 */
for (;;)
	fork();
