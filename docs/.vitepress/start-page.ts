/** What the start page of the site shows above docs/README.md; on GitHub that page begins with its table. */
export const START_PAGE = {
  layout: 'home',
  hero: {
    name: 'Serial-OE',
    text: 'Hear when a machine starts to fail',
    tagline:
      'Record a machine while it is well, train on a CPU, and listen: in Node, in the browser, or on a box beside the machine.',
    actions: [
      { theme: 'brand', text: 'My first machine', link: '/my-first-machine' },
      { theme: 'alt', text: 'Which package do I need?', link: '/which-package' },
      { theme: 'alt', text: 'How good is it?', link: '/how-good' },
    ],
  },
};
