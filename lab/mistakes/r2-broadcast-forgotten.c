/* step: r2
 * wrong: leaves the entries to the answers to heartbeats
 * met: heartbeats hide it; the test counts messages and lets no tick pass
 * verdict: fail
 */
(void)r;
