"""The register: who is designated by whom, searched by name, with everything the lists say and what it rests on."""
