/** The page's entry: brings up the app element. */
import './app/shell';
