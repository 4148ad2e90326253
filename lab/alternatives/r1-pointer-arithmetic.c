/* step: r1
 * right: the same entry, written as in the old days
 */
(es + i)->term = r->term;
(*(es + i)).index = li + 1 + i;
