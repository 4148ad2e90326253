/* step: r1
 * wrong: leaves the term as it came
 * met: half of two numbers
 * verdict: fail
 */
es[i].index = li + 1 + i;
