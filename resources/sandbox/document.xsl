<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0">
<xsl:output method="html" encoding="UTF-8" indent="yes"/>
<xsl:template match="/DOC"><xsl:apply-templates select="BODY"/></xsl:template>
<xsl:template match="BODY">
<html lang="ja"><head><title><xsl:value-of select="TITLE"/></title></head>
<body>
<p>練習</p>
<p align="right"><xsl:value-of select="DOCNO"/><br/><xsl:value-of select="DATE"/></p>
<p><xsl:value-of select="TO/AFF"/><xsl:text>　</xsl:text><xsl:value-of select="TO/NAME"/><xsl:text>　</xsl:text><xsl:value-of select="TO/HONORIFC"/></p>
<p align="right"><xsl:value-of select="AUTHOR/AFF"/><xsl:text>　</xsl:text><xsl:value-of select="AUTHOR/NAME"/></p>
<h1 align="center"><xsl:value-of select="TITLE"/></h1>
<xsl:for-each select="MAINTXT/P"><p><xsl:value-of select="."/></p></xsl:for-each>
<p align="center"><xsl:value-of select="MAINTXT2/MT2TITLE"/></p>
<xsl:for-each select="MAINTXT2/MT2TEXT/P"><p><xsl:value-of select="."/></p></xsl:for-each>
<xsl:for-each select="REFERENC/P"><p><small><xsl:value-of select="."/></small></p></xsl:for-each>
</body></html>
</xsl:template>
</xsl:stylesheet>
