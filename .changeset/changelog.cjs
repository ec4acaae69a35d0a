// How a changeset becomes a line of CHANGELOG.md. Commits are left out, which mean nothing to users, and so are lists of updated
// dependencies: all packages have one version. Lines come in the order of the file names; 0-NAME.md introduces a package.
module.exports = {
  async getReleaseLine({ summary }) {
    const [first, ...rest] = summary.trim().split('\n');
    return `- ${[first, ...rest.map((line) => line && `  ${line}`)].join('\n')}`;
  },
  async getDependencyReleaseLine() {
    return '';
  },
};
