/**
 * What the API answers, as far as the desk reads it.
 *
 * @typedef {{field: string, start: number, end: number}} Span A span in Unicode code points.
 *
 * @typedef {Object} Flag
 * @property {string} code
 * @property {"error" | "warning"} severity
 * @property {string} message
 * @property {boolean} dismissed
 * @property {Span | null} source_span
 * @property {Span | null} target_span
 *
 * @typedef {Object} MemoryMatch
 * @property {"context" | "exact" | "fuzzy"} match
 * @property {number} score
 * @property {string} source
 * @property {string} target
 * @property {"edited" | "approved" | "imported"} origin
 * @property {boolean} used
 *
 * @typedef {{source: string, target: string | null, state: SegmentState}} Previous
 * @typedef {"draft" | "edited" | "approved"} SegmentState
 * @typedef {"translating" | "failed" | "draft" | "edited" | "approved"} VersionState
 *
 * @typedef {Object} Segment
 * @property {number} number
 * @property {string} etag
 * @property {number} block
 * @property {string} kind
 * @property {string} source
 * @property {string | null} target
 * @property {string | null} machine
 * @property {"machine" | "memory" | "edited"} origin
 * @property {SegmentState} state
 * @property {"new" | "unchanged" | "moved" | "split" | "merged" | "changed"} change
 * @property {Previous | null} previous
 * @property {Span} source_span
 * @property {Span | null} target_span
 * @property {boolean} checked
 * @property {Flag[]} flags
 * @property {number | null} score
 * @property {string[]} models
 * @property {MemoryMatch | null} memory
 * @property {string | null} author
 * @property {string | null} edited_at
 *
 * @typedef {Object} Counts
 * @property {number} segments
 * @property {number} edited
 * @property {number} approved
 * @property {number} flagged
 * @property {number} flags_left
 * @property {number} from_memory
 * @property {number} changed
 *
 * @typedef {Object} VersionSummary
 * @property {string} target
 * @property {VersionState} state
 * @property {string} etag
 * @property {string | null} job
 * @property {{code?: string, detail?: string} | null} error
 * @property {string} updated_at
 * @property {Counts} counts
 *
 * @typedef {{title?: string | null, deck?: string | null, body?: string | null}} Article
 *
 * @typedef {Object} VersionOnly
 * @property {string} story
 * @property {number} revision
 * @property {string} source
 * @property {string | null} text
 * @property {Article | null} article
 * @property {Segment[]} segments
 * @property {Previous[]} removed
 * @property {{text: string}[]} furniture
 * @typedef {VersionSummary & VersionOnly} Version
 *
 * @typedef {Object} FollowedOnly
 * @property {string} story
 * @property {number} revision
 * @property {{done: number, total: number} | null} [progress]
 * @property {Segment[]} segments Those that have changed; the desk keeps all of them.
 * @typedef {VersionSummary & FollowedOnly} Followed A version as it is followed.
 *
 * @typedef {Object} StoryHead
 * @property {string} id
 * @property {string} title
 * @property {number} revision
 * @property {string} updated_at
 * @property {VersionSummary[]} versions
 *
 * @typedef {StoryHead & {source: string, text: string | null, article: Article | null, format: string | null, model: string | null, glossaries: string[]}} Story
 *
 * @typedef {{stories: StoryHead[], page: number, total: number}} StoryPage
 *
 * @typedef {{source: string, target: string}} Pair
 */

export {};
