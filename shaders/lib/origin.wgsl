// A long run is cut into several submits; each starts at its own workgroup.
@group(1) @binding(0) var<uniform> origin: vec3u;
