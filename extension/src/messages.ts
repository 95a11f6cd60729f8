// What the extension and the summary view say to each other.

import type { Place, Summary } from './summary';

export type ToView =
  | { type: 'summaries'; uri: string; class?: string; summaries: Summary[]; problem?: string }
  | { type: 'busy' }
  | { type: 'cursor'; place: Place };

export type FromView =
  | { type: 'ready' }
  | { type: 'open'; place: Place }
  | { type: 'class'; name: string }
  | { type: 'execute' }
  | { type: 'read' }
  | { type: 'export'; format: 'svg' | 'md' | 'csv'; content: string; name: string };
