import './conditional.js';
import './copy.js';
import './division.js';
import './focus.js';
import './scan.js';
