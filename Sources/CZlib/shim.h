// zlib, and functions for those of its parts that are macros.
#ifndef HARMONIUM_CZLIB_H
#define HARMONIUM_CZLIB_H

#include <zlib.h>

static inline int czlib_inflate_init(z_stream *stream, int window_bits) { return inflateInit2(stream, window_bits); }

#endif
