// Frames with all that they hold, for what is itself loaded late. The page's start takes ./frame-now.
import './frame-late';

export { clampCursor, frameOf } from './frame-now';
