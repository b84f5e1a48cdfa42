"""Payment tables of CMS: MS-DRG, CMS-HCC."""
