<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0">
<xsl:output method="html" encoding="UTF-8" indent="yes"/>
<xsl:template match="/">
<html lang="ja"><head><title>練習 <xsl:value-of select="DataRoot/様式ID"/></title></head>
<body><p>練習</p><table border="1"><xsl:apply-templates select="//*[not(*)]"/></table></body></html>
</xsl:template>
<xsl:template match="*"><tr><th><xsl:value-of select="name()"/></th><td><xsl:value-of select="."/></td></tr></xsl:template>
</xsl:stylesheet>
