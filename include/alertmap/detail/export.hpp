#pragma once

// Marks the symbols that the shared library exports. Empty for the static library, which works without a macro.
#if defined(ALERTMAP_SHARED) && defined(_WIN32)
#if defined(ALERTMAP_BUILDING)
#define ALERTMAP_API __declspec(dllexport)
#else
#define ALERTMAP_API __declspec(dllimport)
#endif
#elif defined(ALERTMAP_SHARED)
#define ALERTMAP_API __attribute__((visibility("default")))
#else
#define ALERTMAP_API
#endif
