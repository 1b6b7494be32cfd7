/* Characters that are written in several ways, as one. Sure ones only: who looks for one of them means the other. */
#pragma once

#include <stdint.h>

/* Han: the form of today's standard for older ones and for those that only names keep (Japan's list of characters for general use, 2010,
 * gives both forms of each; 髙, 﨑, 邉 and their like are those of family registers). Katakana: the hiragana of the same sound. All
 * other characters: themselves. `c` is decomposed. */
uint32_t variant_of(uint32_t c);
